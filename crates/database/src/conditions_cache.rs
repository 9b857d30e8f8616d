//! Weather and calendar of an hour, and those kept in memory.

use std::collections::HashMap;

use filrouge_types::{Conditions, Hour, Weather};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

/// Conditions kept in memory, some 80 bytes each: more than ten years of one city's hours.
const CAPACITY: usize = 100_000;

/// The part of [`Conditions`] that does not depend on the station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct HourConditions {
    pub(crate) hour: Hour,
    pub(crate) weather: Weather,
    pub(crate) is_public_holiday: Option<bool>,
    pub(crate) is_school_holiday: Option<bool>,
}

impl HourConditions {
    /// A value that is not a number is one that is not known.
    pub(crate) fn of(conditions: &Conditions) -> Self {
        let known = |value: Option<f32>| value.filter(|value| !value.is_nan());
        let weather = conditions.weather;

        Self {
            hour: conditions.hour,
            weather: Weather {
                temperature_c: known(weather.temperature_c),
                apparent_temperature_c: known(weather.apparent_temperature_c),
                relative_humidity_pct: known(weather.relative_humidity_pct),
                wind_speed_kmh: known(weather.wind_speed_kmh),
                precipitation_mm: known(weather.precipitation_mm),
                weather_code: weather.weather_code,
            },
            is_public_holiday: conditions.is_public_holiday,
            is_school_holiday: conditions.is_school_holiday,
        }
    }

    /// The first 64 bits of the content's SHA-256: equal contents have equal keys on every machine.
    pub(crate) fn key(&self) -> i64 {
        let mut hasher = Sha256::new();
        hasher.update(self.hour.hours_since_epoch().to_le_bytes());

        hash_weather(&mut hasher, &self.weather);

        // 0, 1, and 2 for unknown.
        let flag = |value: Option<bool>| value.map_or(2, u8::from);
        hasher.update([self.is_public_holiday, self.is_school_holiday].map(flag));

        let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = hasher.finalize().into();
        i64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

fn hash_weather(hasher: &mut Sha256, weather: &Weather) {
    // Without `..`: a new measure of the weather does not build until it is hashed.
    let Weather {
        temperature_c,
        apparent_temperature_c,
        relative_humidity_pct,
        wind_speed_kmh,
        precipitation_mm,
        weather_code,
    } = weather;

    for value in [
        temperature_c,
        apparent_temperature_c,
        relative_humidity_pct,
        wind_speed_kmh,
        precipitation_mm,
    ] {
        // A missing value and a zero are two contents.
        hasher.update([u8::from(value.is_some())]);
        hasher.update(value.unwrap_or_default().to_le_bytes());
    }

    let present = u8::from(weather_code.is_some());
    hasher.update([present, weather_code.unwrap_or_default()]);
}

/// Conditions already read. They never change under their key, so nothing here grows stale.
#[derive(Debug)]
pub(crate) struct ConditionsCache(Cache<i64, HourConditions>);

impl Default for ConditionsCache {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl ConditionsCache {
    /// Looks up all the keys at once; none when one is missing.
    pub(crate) fn find_all(&self, keys: impl Iterator<Item = i64>) -> Option<Vec<HourConditions>> {
        keys.map(|key| self.0.get(&key)).collect()
    }

    pub(crate) fn keep(&self, conditions: &HashMap<i64, HourConditions>) {
        for (key, conditions) in conditions {
            self.0.insert(*key, *conditions);
        }
    }
}
