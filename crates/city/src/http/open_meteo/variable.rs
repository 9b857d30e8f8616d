use serde_json::{Value, json};

use crate::weather::HourWeather;

/// A variable by its name in the API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    value: fn(&HourWeather) -> Value,
}

impl Variable {
    pub(super) fn named(name: &str) -> Option<Self> {
        VARIABLES.into_iter().find(|variable| variable.name == name)
    }

    pub(super) fn of(self, weather: &HourWeather) -> Value {
        (self.value)(weather)
    }
}

const VARIABLES: [Variable; 6] = [
    Variable {
        name: "temperature_2m",
        unit: "°C",
        value: |weather| decimal(weather.temperature_c),
    },
    Variable {
        name: "apparent_temperature",
        unit: "°C",
        value: |weather| decimal(weather.apparent_temperature_c),
    },
    Variable {
        name: "relative_humidity_2m",
        unit: "%",
        value: |weather| json!(weather.relative_humidity_pct as u8),
    },
    Variable {
        name: "wind_speed_10m",
        unit: "km/h",
        value: |weather| decimal(weather.wind_speed_kmh),
    },
    Variable {
        name: "precipitation",
        unit: "mm",
        value: |weather| decimal(weather.precipitation_mm),
    },
    Variable {
        name: "weather_code",
        unit: "wmo code",
        value: |weather| json!(weather.weather_code),
    },
];

/// The shortest decimal that reads back as the 32-bit value: 12.3 and not 12.300000190734863.
fn decimal(value: f32) -> Value {
    json!((f64::from(value) * 100.0).round() / 100.0)
}
