// A macro, since a feature named in one list and not in the other would shift the model's input.
/// Declares the features once: the struct, their names and their order in the model's input.
macro_rules! layout {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The features of one station's hour. Demand is relative to `level` unless said otherwise,
        /// so that a city that grows stays inside what the trees have seen. Days before are counted
        /// on the city's clocks.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct Features { $($(#[$doc])* pub $name: f32,)* }

        /// Names of the features, in the order of the model's input.
        pub const FEATURE_NAMES: [&str; FEATURE_COUNT] = [$(stringify!($name)),*];

        /// Number of features.
        pub const FEATURE_COUNT: usize = [$(stringify!($name)),*].len();

        impl Features {
            /// Nothing is known.
            pub const MISSING: Self = Self { $($name: f32::NAN,)* };

            /// The row of the model's input.
            pub const fn to_array(&self) -> [f32; FEATURE_COUNT] {
                [$(self.$name),*]
            }
        }
    };
}

/// Position of `usual_demand` in the model's input: the graph multiplies by it.
pub const SCALE: usize = 1;

/// Position of `level` in the model's input: demand is relative to it.
pub const LEVEL: usize = 0;

/// Position of `counted_over_forecast` in the model's input: the graph multiplies `usual_demand` by
/// a power of it (the bias correction).
pub const CORRECTION: usize = 2;

layout! {
    /// Mean departures an hour over the four weeks that end a day before, shrunk slightly towards
    /// the system's mean.
    level,
    /// `expected_profile · level`, departures (without a regression `profile · level`): the demand of the
    /// hour were the station as usual. The answer of the trees is relative to it.
    usual_demand,
    /// `Σwy / Σwŷ`, counts over the version's own forecasts made without it, the week that ends a
    /// day before, recent hours first: at the station, shrunk towards all of them. Trees do not read
    /// it.
    counted_over_forecast,
    /// Mean level of all the stations, departures an hour.
    system_level,
    /// Hours counted in those four weeks.
    counted_hours,
    /// A day before.
    lag_24,
    /// Two days before.
    lag_48,
    /// Three days before.
    lag_72,
    /// Six days before.
    lag_144,
    /// A week before.
    lag_168,
    /// Two weeks before.
    lag_336,
    /// Three weeks before.
    lag_504,
    /// Four weeks before.
    lag_672,
    /// Mean of the three hours around the same hour a week before.
    around_lag_168,
    /// Mean of the three hours that end a day before.
    mean_3_hours,
    /// Mean of the day that ends a day before.
    mean_24_hours,
    /// Mean of the week that ends a day before.
    mean_7_days,
    /// That week over the week before it.
    week_on_week,
    /// Mean of the same hour over the last seven known days.
    same_hour_7_days,
    /// Mean of the same hour over the last four weeks, days of the same kind (working or not) only.
    same_hour_same_kind,
    /// Mean of the hours around the same hour over the last four weeks, days of the same kind only,
    /// shrunk towards the shape of all the stations: the demand to expect of a sparse station.
    profile,
    /// Mean of the same hour of the week over four weeks.
    same_hour_of_week,
    /// Standard deviation of the same hour of the week over four weeks.
    same_hour_of_week_spread,
    /// All stations, a day before, over their level.
    system_lag_24,
    /// All stations, a week before, over their level.
    system_lag_168,
    /// All stations, the day that ends a day before, over their level.
    system_mean_24_hours,
    /// All stations, the week that ends a day before, over their level.
    system_mean_7_days,
    /// All stations, the same hour over four weeks, days of the same kind only, over their level.
    system_same_hour_same_kind,
    /// All stations, as the regression of their demand expects them under the hour's calendar and
    /// weather, over their level.
    expected_system,
    /// All stations, `Σy / Σe` (counted over expected) of the day that ends a day before, relative
    /// to that of the four weeks.
    system_residual_24_hours,
    /// The same, the week that ends a day before.
    system_residual_7_days,
    /// Expected demand of all stations over that of a day before.
    expected_change_24,
    /// The same, a week before.
    expected_change_168,
    /// A day before, carried to the hour's calendar and weather.
    expected_lag_24,
    /// A week before, carried to the hour's calendar and weather.
    expected_lag_168,
    /// The same hour of the week over four weeks, carried to the hour's calendar and weather.
    expected_hour_of_week,
    /// The hours around the same hour over four weeks, days of the same kind only, carried to the
    /// hour's calendar and weather, shrunk towards all the stations.
    expected_profile,
    /// Local hour of the day, 0 to 23.
    hour_of_day,
    /// Local day of the week, Monday 0.
    day_of_week,
    /// Local hour of the week, 0 to 167.
    hour_of_week,
    /// Hour of the day as a cycle, sine.
    hour_sine,
    /// Hour of the day as a cycle, cosine.
    hour_cosine,
    /// Day of the year as a cycle, sine.
    year_sine,
    /// Day of the year as a cycle, cosine.
    year_cosine,
    /// 1 from Monday to Friday unless it is a public holiday, else 0.
    is_working_day,
    /// 1 on a public holiday, else 0.
    is_public_holiday,
    /// The same, the day before.
    was_public_holiday,
    /// The same, the day after.
    will_be_public_holiday,
    /// 1 in the school holidays, else 0.
    is_school_holiday,
    /// Air temperature, °C.
    temperature,
    /// Temperature as felt, °C.
    apparent_temperature,
    /// Relative humidity, 0 to 100.
    relative_humidity,
    /// Wind, km/h.
    wind_speed,
    /// Water fallen during the hour, mm.
    precipitation,
    /// Kind of weather, from clear (0) to thunderstorm (9).
    weather_kind,
    /// Water fallen in the three hours before, mm.
    precipitation_before,
    /// Water fallen in the hour a day before, mm: explains `lag_24`.
    precipitation_lag_24,
    /// Water fallen in the hour a week before, mm: explains `lag_168`.
    precipitation_lag_168,
    /// Warmer (+) or colder (−) than a day before, °C.
    temperature_change_24,
    /// Warmer (+) or colder (−) than the same hour of the last week, on average, °C.
    temperature_anomaly,
    /// Events near the station.
    event_count,
    /// Events near the station a day before: explains `lag_24`.
    event_count_lag_24,
    /// Events near the station a week before: explains `lag_168`.
    event_count_lag_168,
}
