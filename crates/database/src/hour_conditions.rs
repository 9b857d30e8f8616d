//! Weather and calendar of an hour, stored once for all the stations that share them.

use std::collections::HashMap;

use filrouge_types::{Hour, Weather};

use crate::conditions_cache::HourConditions;
use crate::engine::Transaction;
use crate::per_engine::{execute, fetch, insert_all};
use crate::row::row;
use crate::{DatabaseError, Result};

/// The columns of [`ConditionsRow`], for a `WHERE` to follow.
macro_rules! select_conditions {
    ($rest:literal) => {
        concat!(
            "
            SELECT
                conditions_key,
                hour,
                temperature_c,
                apparent_temperature_c,
                relative_humidity_pct,
                wind_speed_kmh,
                precipitation_mm,
                weather_code,
                is_public_holiday,
                is_school_holiday
            FROM hour_conditions ",
            $rest
        )
    };
}
pub(crate) use select_conditions;

impl Transaction {
    /// Adds those that are not there yet.
    pub(crate) async fn add_hour_conditions(
        &mut self,
        conditions: &[(i64, HourConditions)],
    ) -> Result<()> {
        const INSERT: &str = "
            INSERT INTO hour_conditions (
                hour,
                conditions_key,
                temperature_c,
                apparent_temperature_c,
                relative_humidity_pct,
                wind_speed_kmh,
                precipitation_mm,
                weather_code,
                is_public_holiday,
                is_school_holiday
            ) ";

        // The key is a hash of the content: on a conflict, the row that is there is the same.
        insert_all!(
            self,
            INSERT,
            conditions,
            |(key, conditions)| [
                conditions.hour.hours_since_epoch(),
                key,
                conditions.weather.temperature_c,
                conditions.weather.apparent_temperature_c,
                conditions.weather.relative_humidity_pct,
                conditions.weather.wind_speed_kmh,
                conditions.weather.precipitation_mm,
                conditions.weather.weather_code.map(i64::from),
                conditions.is_public_holiday,
                conditions.is_school_holiday,
            ],
            " ON CONFLICT DO NOTHING",
        );

        Ok(())
    }

    /// The conditions of the hours from `first` to `last`, by key.
    pub(crate) async fn hour_conditions(
        &mut self,
        first: Hour,
        last: Hour,
    ) -> Result<HashMap<i64, HourConditions>> {
        const SELECT: &str = select_conditions!("WHERE hour BETWEEN $1 AND $2");

        let rows: Vec<ConditionsRow> = fetch!(
            query_as,
            fetch_all,
            self,
            SELECT,
            first.hours_since_epoch(),
            last.hours_since_epoch()
        )?;

        rows.into_iter().map(ConditionsRow::read).collect()
    }

    /// Removes the conditions of the hours `first` to `last` that no station shares any longer.
    pub(crate) async fn remove_unused_conditions(&mut self, first: Hour, last: Hour) -> Result<()> {
        const DELETE: &str = "
            DELETE FROM hour_conditions
            WHERE hour BETWEEN $1 AND $2
                AND NOT EXISTS (
                    SELECT 1
                    FROM station_hours
                    WHERE station_hours.hour = hour_conditions.hour
                        AND station_hours.conditions_key = hour_conditions.conditions_key
                )
                AND NOT EXISTS (
                    SELECT 1
                    FROM upcoming_hours
                    WHERE upcoming_hours.hour = hour_conditions.hour
                        AND upcoming_hours.conditions_key = hour_conditions.conditions_key
                )";

        execute!(
            self,
            DELETE,
            first.hours_since_epoch(),
            last.hours_since_epoch()
        )?;

        Ok(())
    }
}

row! {
    /// A row of [`select_conditions`].
    pub(crate) struct ConditionsRow {
        conditions_key: i64,
        hour: i64,
        temperature_c: Option<f32>,
        apparent_temperature_c: Option<f32>,
        relative_humidity_pct: Option<f32>,
        wind_speed_kmh: Option<f32>,
        precipitation_mm: Option<f32>,
        weather_code: Option<i64>,
        is_public_holiday: Option<bool>,
        is_school_holiday: Option<bool>,
    }
}

impl ConditionsRow {
    /// The key and the conditions.
    pub(crate) fn read(self) -> Result<(i64, HourConditions)> {
        let weather_code = self
            .weather_code
            .map(u8::try_from)
            .transpose()
            .map_err(|error| DatabaseError::corrupt("weather_code", error))?;

        let conditions = HourConditions {
            hour: Hour::from_hours_since_epoch(self.hour),
            weather: Weather {
                temperature_c: self.temperature_c,
                apparent_temperature_c: self.apparent_temperature_c,
                relative_humidity_pct: self.relative_humidity_pct,
                wind_speed_kmh: self.wind_speed_kmh,
                precipitation_mm: self.precipitation_mm,
                weather_code,
            },
            is_public_holiday: self.is_public_holiday,
            is_school_holiday: self.is_school_holiday,
        };

        Ok((self.conditions_key, conditions))
    }
}
