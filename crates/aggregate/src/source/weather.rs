//! Open-Meteo's hourly JSON: the archive for the past, the forecast for the last days and those to
//! come.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, NaiveDateTime};
use filrouge_types::Hour;
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsResult, Series};
use serde::Deserialize;

use crate::AggregateError;
use crate::trips::{hour_of, instant_type};

/// The columns of the data set that the weather gives.
pub(crate) const VALUES: [&str; 6] = [
    "temperature_c",
    "apparent_temperature_c",
    "relative_humidity_pct",
    "wind_speed_kmh",
    "precipitation_mm",
    "weather_code",
];

/// Open-Meteo's names of the same.
const VARIABLES: [&str; 6] = [
    "temperature_2m",
    "apparent_temperature",
    "relative_humidity_2m",
    "wind_speed_10m",
    "precipitation",
    "weather_code",
];

/// What the names of the forecast's columns begin with, beside those of the archive.
pub(crate) const FORECAST: &str = "forecast_";

/// The name of the archive in rejects, whatever files it came in.
pub(crate) const ARCHIVE: &str = "weather_archive";

/// The years of which there is an archive, and those of any forecast: an hour far from all others
/// would make a gap of centuries, each hour of it told as missing.
const YEARS: RangeInclusive<i32> = 1940..=2099;

/// The values of one hour, in the order of [`VALUES`].
pub(crate) type Values = [Option<f64>; VALUES.len()];

/// Weather by hour, in the units of the data set.
pub(crate) type WeatherByHour = BTreeMap<Hour, Values>;

/// The archive of a run: one file, or the parts that it was received in.
pub(crate) fn read_archive(folder: &Path) -> Result<Option<WeatherByHour>, AggregateError> {
    if let Some(archive) = read_hours(&folder.join("weather_archive.json"))? {
        return Ok(Some(archive));
    }
    let mut whole = None;
    for part in parts(&folder.join(ARCHIVE))? {
        whole
            .get_or_insert_with(WeatherByHour::new)
            .extend(read_hours(&part)?.unwrap_or_default());
    }
    Ok(whole)
}

/// One file of hourly weather, or `None` when it is absent.
pub(crate) fn read_hours(path: &Path) -> Result<Option<WeatherByHour>, AggregateError> {
    let Some(answer) = super::read_json::<Answer>(path)? else {
        return Ok(None);
    };
    answer
        .hours()
        .map(Some)
        .map_err(|reason| AggregateError::unreadable(path, reason))
}

/// The archive hour by hour, without a gap from its first to its last, with the forecast beside it.
pub(crate) fn archive_frame(
    archive: &WeatherByHour,
    forecast: &WeatherByHour,
) -> PolarsResult<DataFrame> {
    let first_and_last = archive.keys().next().zip(archive.keys().next_back());
    let hours: Vec<Hour> = first_and_last.map_or_else(Vec::new, |(&first, &last)| {
        (0..=last - first).map(|step| first + step).collect()
    });
    let source = Series::new("source".into(), vec![ARCHIVE; hours.len()]).into_column();
    let mut columns = vec![source, hour_column(&hours)?];

    for (prefix, series) in [("", archive), (FORECAST, forecast)] {
        for (index, name) in VALUES.iter().enumerate() {
            let values: Vec<Option<f64>> =
                hours.iter().map(|hour| series.get(hour)?[index]).collect();
            columns.push(Column::new(format!("{prefix}{name}").into(), values));
        }
    }

    DataFrame::new(hours.len(), columns)
}

/// The hours of a frame made by [`archive_frame`].
pub(crate) fn from_frame(frame: &DataFrame) -> PolarsResult<WeatherByHour> {
    let hours = frame.column("hour")?.cast(&DataType::Int64)?;
    let columns = VALUES
        .iter()
        .map(|name| frame.column(name)?.f64())
        .collect::<PolarsResult<Vec<_>>>()?;
    let hours = hours.i64()?.iter().flatten().map(hour_of);
    let values = |row: usize| std::array::from_fn(|index| columns[index].get(row));
    Ok(hours
        .enumerate()
        .map(|(row, hour)| (hour, values(row)))
        .collect())
}

fn hour_column(hours: &[Hour]) -> PolarsResult<Column> {
    let instants: Vec<i64> = hours
        .iter()
        .map(|hour| hour.start().timestamp_micros())
        .collect();
    Ok(Series::new("hour".into(), instants)
        .cast(&instant_type())?
        .into_column())
}

fn parts(folder: &Path) -> Result<Vec<PathBuf>, AggregateError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }

    let entries =
        fs::read_dir(folder).map_err(|error| AggregateError::unreadable(folder, error))?;
    let paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>();
    let mut paths = paths.map_err(|error| AggregateError::unreadable(folder, error))?;

    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();

    Ok(paths)
}

/// An answer of the service.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    utc_offset_seconds: i64,
    #[serde(default)]
    hourly_units: BTreeMap<String, String>,
    hourly: Lists,
}

#[derive(Deserialize)]
struct Lists {
    time: Vec<String>,
    #[serde(flatten)]
    variables: BTreeMap<String, Vec<Option<f64>>>,
}

impl Answer {
    fn hours(&self) -> Result<WeatherByHour, String> {
        let columns = VARIABLES.map(|name| self.hourly.variables.get(name));
        let conversions = VARIABLES.map(|name| {
            self.hourly_units
                .get(name)
                .map_or(Ok(SAME), |unit| conversion(name, unit))
        });
        let mut hours = WeatherByHour::new();

        for (row, time) in self.hourly.time.iter().enumerate() {
            let mut values = Values::default();
            for index in 0..VALUES.len() {
                let (factor, shift) = conversions[index].clone()?;
                let value = columns[index].and_then(|column| column.get(row).copied().flatten());
                values[index] = value.map(|value| value * factor + shift);
            }
            hours.insert(self.hour(time)?, values);
        }

        Ok(hours)
    }

    fn hour(&self, time: &str) -> Result<Hour, String> {
        let local = NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M").map_err(|_| {
            format!(
                "`hourly.time` holds `{time}`, which is not an instant such as 2026-03-01T08:00"
            )
        })?;
        let seconds = local
            .and_utc()
            .timestamp()
            .checked_sub(self.utc_offset_seconds);

        let instant = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        if !instant.is_some_and(|instant| YEARS.contains(&instant.year())) {
            return Err(format!(
                "`hourly.time` holds `{time}`, which is not of the years {} to {}",
                YEARS.start(),
                YEARS.end()
            ));
        }

        let hour = instant
            .map(Hour::containing)
            .filter(|hour| Some(hour.start()) == instant);

        hour.ok_or_else(|| {
            format!("`hourly.time` holds `{time}`, which is not the start of an hour in UTC")
        })
    }
}

/// Factor and shift from another unit to that of the data set.
type Conversion = (f64, f64);

const SAME: Conversion = (1.0, 0.0);

/// The units that the service can be asked for.
fn conversion(variable: &str, unit: &str) -> Result<Conversion, String> {
    match unit {
        "°C" | "%" | "km/h" | "mm" | "wmo code" => Ok(SAME),
        "°F" => Ok((5.0 / 9.0, -160.0 / 9.0)),
        "m/s" => Ok((3.6, 0.0)),
        "mp/h" | "mph" => Ok((1.609_344, 0.0)),
        "kn" => Ok((1.852, 0.0)),
        "inch" => Ok((25.4, 0.0)),
        other => Err(format!(
            "`hourly_units.{variable}` is `{other}`, a unit that is not known"
        )),
    }
}

#[cfg(test)]
mod tests;
