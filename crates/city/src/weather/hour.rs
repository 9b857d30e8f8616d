use filrouge_types::Weather;

/// The weather of one hour, all known. Rounded as a weather service rounds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourWeather {
    /// Air temperature at 2 m, °C.
    pub temperature_c: f32,
    /// Temperature as felt, °C.
    pub apparent_temperature_c: f32,
    /// Relative humidity, 0 to 100.
    pub relative_humidity_pct: f32,
    /// Wind at 10 m, km/h.
    pub wind_speed_kmh: f32,
    /// Water fallen during the hour, mm.
    pub precipitation_mm: f32,
    /// Present weather, WMO table 4677.
    pub weather_code: u8,
}

impl HourWeather {
    /// The same hour from a service that publishes other temperatures, to two decimals.
    pub(crate) fn with_temperatures(self, published: impl Fn(f64) -> f64) -> Self {
        let rounded =
            |celsius: f32| ((published(f64::from(celsius)) * 100.0).round() / 100.0) as f32;
        Self {
            temperature_c: rounded(self.temperature_c),
            apparent_temperature_c: rounded(self.apparent_temperature_c),
            ..self
        }
    }
}

impl From<HourWeather> for Weather {
    fn from(hour: HourWeather) -> Self {
        Self {
            temperature_c: Some(hour.temperature_c),
            apparent_temperature_c: Some(hour.apparent_temperature_c),
            relative_humidity_pct: Some(hour.relative_humidity_pct),
            wind_speed_kmh: Some(hour.wind_speed_kmh),
            precipitation_mm: Some(hour.precipitation_mm),
            weather_code: Some(hour.weather_code),
        }
    }
}
