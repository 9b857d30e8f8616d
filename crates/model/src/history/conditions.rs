use filrouge_types::Conditions;

/// Conditions of one station's hour as numbers; `NaN` where the source said nothing. Units are
/// those of the contract.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionValues {
    /// Air temperature, °C.
    pub temperature_c: f32,
    /// Temperature as felt, °C.
    pub apparent_temperature_c: f32,
    /// Relative humidity, 0 to 100.
    pub relative_humidity_pct: f32,
    /// Wind, km/h.
    pub wind_speed_kmh: f32,
    /// Water fallen during the hour, mm.
    pub precipitation_mm: f32,
    /// Present weather, WMO table 4677.
    pub weather_code: f32,
    /// 1 on a public holiday, else 0.
    pub is_public_holiday: f32,
    /// 1 in the school holidays, else 0.
    pub is_school_holiday: f32,
    /// Events near the station.
    pub event_count: f32,
}

impl ConditionValues {
    /// Nothing is known.
    pub const MISSING: Self = Self {
        temperature_c: f32::NAN,
        apparent_temperature_c: f32::NAN,
        relative_humidity_pct: f32::NAN,
        wind_speed_kmh: f32::NAN,
        precipitation_mm: f32::NAN,
        weather_code: f32::NAN,
        is_public_holiday: f32::NAN,
        is_school_holiday: f32::NAN,
        event_count: f32::NAN,
    };

    /// True when the weather or the calendar is known.
    pub(crate) fn has_any(&self) -> bool {
        !(self.temperature_c.is_nan()
            && self.precipitation_mm.is_nan()
            && self.is_public_holiday.is_nan())
    }

    /// Takes each value of `newer` that is not missing.
    pub fn update(&mut self, newer: &Self) {
        let mut newer = *newer;
        for (old, new) in self.values_mut().into_iter().zip(newer.values_mut()) {
            if !new.is_nan() {
                *old = *new;
            }
        }
    }

    fn values_mut(&mut self) -> [&mut f32; 9] {
        [
            &mut self.temperature_c,
            &mut self.apparent_temperature_c,
            &mut self.relative_humidity_pct,
            &mut self.wind_speed_kmh,
            &mut self.precipitation_mm,
            &mut self.weather_code,
            &mut self.is_public_holiday,
            &mut self.is_school_holiday,
            &mut self.event_count,
        ]
    }
}

impl From<&Conditions> for ConditionValues {
    fn from(conditions: &Conditions) -> Self {
        let number = |value: Option<f32>| value.unwrap_or(f32::NAN);
        let flag = |value: Option<bool>| value.map_or(f32::NAN, |flag| f32::from(u8::from(flag)));
        let weather = &conditions.weather;

        Self {
            temperature_c: number(weather.temperature_c),
            apparent_temperature_c: number(weather.apparent_temperature_c),
            relative_humidity_pct: number(weather.relative_humidity_pct),
            wind_speed_kmh: number(weather.wind_speed_kmh),
            precipitation_mm: number(weather.precipitation_mm),
            weather_code: number(weather.weather_code.map(f32::from)),
            is_public_holiday: flag(conditions.is_public_holiday),
            is_school_holiday: flag(conditions.is_school_holiday),
            event_count: number(conditions.event_count.map(f32::from)),
        }
    }
}
