//! What was known of an hour, stored once for all the stations that share it.

pub(crate) mod cache;

use std::collections::HashMap;

use filrouge_types::{Conditions, Hour, Weather};
use sha2::{Digest, Sha256};
use sqlx::QueryBuilder;

use crate::engine::{Transaction, on_engine};
use crate::{DatabaseError, Result};

/// Rows a statement inserts: enough to spare the round trips, few enough for every engine's limit
/// of parameters.
const CHUNK: usize = 250;
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

        let Weather {
            temperature_c,
            apparent_temperature_c,
            relative_humidity_pct,
            wind_speed_kmh,
            precipitation_mm,
            weather_code,
        } = self.weather;

        for value in [
            temperature_c,
            apparent_temperature_c,
            relative_humidity_pct,
            wind_speed_kmh,
            precipitation_mm,
        ] {
            hasher.update([u8::from(value.is_some())]);
            hasher.update(value.unwrap_or_default().to_le_bytes());
        }

        let flag = |value: Option<bool>| value.map_or(2, u8::from);
        let code = weather_code.unwrap_or_default();
        let present = u8::from(weather_code.is_some());

        hasher.update([
            present,
            code,
            flag(self.is_public_holiday),
            flag(self.is_school_holiday),
        ]);

        let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = hasher.finalize().into();

        i64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

/// The columns of [`Row`], for a `WHERE` to follow.
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

        for chunk in conditions.chunks(CHUNK) {
            on_engine!(self, |transaction| {
                let mut insert = QueryBuilder::new(INSERT);

                insert.push_values(chunk, |mut row, (key, conditions)| {
                    row.push_bind(conditions.hour.hours_since_epoch())
                        .push_bind(key)
                        .push_bind(conditions.weather.temperature_c)
                        .push_bind(conditions.weather.apparent_temperature_c)
                        .push_bind(conditions.weather.relative_humidity_pct)
                        .push_bind(conditions.weather.wind_speed_kmh)
                        .push_bind(conditions.weather.precipitation_mm)
                        .push_bind(conditions.weather.weather_code.map(i64::from))
                        .push_bind(conditions.is_public_holiday)
                        .push_bind(conditions.is_school_holiday);
                });

                insert.push(" ON CONFLICT DO NOTHING");
                insert.build().execute(&mut **transaction).await.map(drop)
            })?;
        }

        Ok(())
    }

    /// The conditions of the hours from `first` to `last`, by key.
    pub(crate) async fn hour_conditions(
        &mut self,
        first: Hour,
        last: Hour,
    ) -> Result<HashMap<i64, HourConditions>> {
        const SELECT: &str = select_conditions!("WHERE hour BETWEEN $1 AND $2");
        let rows: Vec<Row> = on_engine!(self, |transaction| {
            sqlx::query_as(SELECT)
                .bind(first.hours_since_epoch())
                .bind(last.hours_since_epoch())
                .fetch_all(&mut **transaction)
                .await
        })?;
        rows.into_iter().map(read).collect()
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

        on_engine!(self, |transaction| {
            sqlx::query(DELETE)
                .bind(first.hours_since_epoch())
                .bind(last.hours_since_epoch())
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        Ok(())
    }
}

pub(crate) type Row = (
    i64,
    i64,
    Option<f32>,
    Option<f32>,
    Option<f32>,
    Option<f32>,
    Option<f32>,
    Option<i64>,
    Option<bool>,
    Option<bool>,
);

pub(crate) fn read(row: Row) -> Result<(i64, HourConditions)> {
    let (key, hour, temperature, apparent, humidity, wind, precipitation, code, public, school) =
        row;
    let code = code
        .map(u8::try_from)
        .transpose()
        .map_err(|error| DatabaseError::corrupt("weather_code", error))?;

    let weather = Weather {
        temperature_c: temperature,
        apparent_temperature_c: apparent,
        relative_humidity_pct: humidity,
        wind_speed_kmh: wind,
        precipitation_mm: precipitation,
        weather_code: code,
    };

    let hour = Hour::from_hours_since_epoch(hour);

    Ok((
        key,
        HourConditions {
            hour,
            weather,
            is_public_holiday: public,
            is_school_holiday: school,
        },
    ))
}
