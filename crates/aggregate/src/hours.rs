//! Conditions that all stations share during one hour: the weather and the calendar.

use chrono_tz::Tz;
use filrouge_types::{Hour, Weather};

use crate::source::calendar::Calendar;
use crate::source::weather::{Values, WeatherByHour};

/// Consecutive hours, from the first.
#[derive(Debug, Default)]
pub(crate) struct Hours {
    first: i64,
    hours: Vec<HourConditions>,
}

/// Conditions of an hour that are the same for every station.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct HourConditions {
    pub(crate) weather: Weather,
    pub(crate) is_public_holiday: Option<bool>,
    pub(crate) is_school_holiday: Option<bool>,
}

impl Hours {
    /// The hours from `first` to `last`, both included. Days off are local days of `time_zone`.
    pub(crate) fn new(
        first: Hour,
        last: Hour,
        weather: &WeatherByHour,
        calendar: &Calendar,
        time_zone: Tz,
    ) -> Self {
        let hour = |hour: Hour| {
            let date = hour.start().with_timezone(&time_zone).date_naive();
            HourConditions {
                weather: weather.get(&hour).map(of_values).unwrap_or_default(),
                is_public_holiday: calendar.is_public_holiday(date),
                is_school_holiday: calendar.is_school_holiday(date),
            }
        };

        let hours = (0..=last - first).map(|step| hour(first + step)).collect();

        Self {
            first: first.hours_since_epoch(),
            hours,
        }
    }

    /// The conditions of an hour; none are known outside of the span.
    pub(crate) fn get(&self, hour: Hour) -> HourConditions {
        let index = usize::try_from(hour.hours_since_epoch() - self.first).ok();
        index
            .and_then(|index| self.hours.get(index))
            .copied()
            .unwrap_or_default()
    }
}

/// Values within the bounds of the data set; others are unknown.
fn of_values(values: &Values) -> Weather {
    let [temperature, apparent, humidity, wind, precipitation, code] = *values;
    let within = |value: Option<f64>, least: f64, most: f64| {
        value
            .filter(|value| (least..=most).contains(value))
            .map(|value| value as f32)
    };

    Weather {
        temperature_c: within(temperature, -100.0, 70.0),
        apparent_temperature_c: within(apparent, -120.0, 100.0),
        relative_humidity_pct: within(humidity, 0.0, 100.0),
        wind_speed_kmh: within(wind, 0.0, 500.0),
        precipitation_mm: within(precipitation, 0.0, 500.0),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 99"
        )]
        weather_code: code
            .filter(|code| (0.0..=99.0).contains(code) && code.fract() == 0.0)
            .map(|code| code as u8),
    }
}

#[cfg(test)]
mod tests;
