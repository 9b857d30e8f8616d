//! Open-Meteo's hourly JSON: the archive for the past, the forecast for the last days and those to
//! come.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, NaiveDateTime};
use filrouge_types::Hour;
use serde::Deserialize;

use crate::AggregateError;

/// Open-Meteo's names of the columns of the data set that the weather gives.
const VARIABLES: [&str; 6] = [
    "temperature_2m",
    "apparent_temperature",
    "relative_humidity_2m",
    "wind_speed_10m",
    "precipitation",
    "weather_code",
];

/// The name of the archive in rejects: it comes in one file or in several.
pub(crate) const ARCHIVE: &str = "weather_archive";

/// The name of the forecast in the summary.
pub(crate) const FORECAST: &str = "weather_forecast";

/// The years of which there is an archive, and those of any forecast: an hour far from all others
/// would make a gap of centuries, each hour of it told as missing.
const YEARS: RangeInclusive<i32> = 1940..=2099;

/// Indices of some of the [`VARIABLES`].
pub(crate) const TEMPERATURE: usize = 0;
pub(crate) const APPARENT_TEMPERATURE: usize = 1;
pub(crate) const WEATHER_CODE: usize = 5;

/// The values of one hour, in the order of [`VARIABLES`].
pub(crate) type Values = [Option<f64>; VARIABLES.len()];

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
    let Some(answer) = super::read_json::<HourlyResponse>(path)? else {
        return Ok(None);
    };
    answer
        .hours()
        .map(Some)
        .map_err(|reason| AggregateError::unreadable(path, reason))
}

/// An hour of the archive, with the forecast of the same.
#[derive(Debug, Clone)]
pub(crate) struct WeatherHour {
    pub(crate) hour: Hour,
    pub(crate) values: Values,
    pub(crate) forecast: Values,
}

/// The archive hour by hour, without a gap from its first to its last, with the forecast beside it.
pub(crate) fn archive_hours(archive: &WeatherByHour, forecast: &WeatherByHour) -> Vec<WeatherHour> {
    let Some((&first, &last)) = archive.keys().next().zip(archive.keys().next_back()) else {
        return Vec::new();
    };
    let values_of = |weather: &WeatherByHour, hour| weather.get(&hour).copied().unwrap_or_default();

    (0..=last - first)
        .map(|step| first + step)
        .map(|hour| WeatherHour {
            hour,
            values: values_of(archive, hour),
            forecast: values_of(forecast, hour),
        })
        .collect()
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
    // Parts are named by their dates: the later one is believed where two overlap.
    paths.sort();

    Ok(paths)
}

/// An answer of the service.
#[derive(Deserialize)]
struct HourlyResponse {
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

impl HourlyResponse {
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
            for index in 0..VARIABLES.len() {
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
        // Times are written at the offset that the response announces.
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
        // (f − 32) × 5 / 9, as a factor and a shift.
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
