//! GBFS 1.0 to 3.0, as it is found: texts or texts by language, booleans or 0 and 1, instants or
//! seconds.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use filrouge_types::StationId;
use filrouge_types::gbfs::{count, instant, truth};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::AggregateError;

/// A station as one source describes it: each source knows some of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Description {
    pub(crate) name: Option<String>,
    pub(crate) district: Option<String>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
    pub(crate) capacity: Option<u32>,
    /// The first instant at which bikes could be taken.
    pub(crate) opened_at: Option<DateTime<Utc>>,
}

/// Bikes and docks of a station, as the clean data give them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Status {
    pub(crate) station_id: StationId,
    pub(crate) bikes_available: u32,
    pub(crate) docks_available: u32,
    pub(crate) is_renting: bool,
    pub(crate) reported_at: String,
}

#[derive(Deserialize)]
struct Feed {
    data: Stations,
}

#[derive(Deserialize)]
struct Stations {
    stations: Vec<Value>,
}

/// The items of `data.stations`, or `None` when the file is absent.
pub(crate) fn read_stations(path: &Path) -> Result<Option<Vec<Value>>, AggregateError> {
    Ok(super::read_json::<Feed>(path)?.map(|feed| feed.data.stations))
}

/// The identifier of an item, when it has one that can be.
pub(crate) fn station_id(item: &Value) -> Option<StationId> {
    text(item.get("station_id")?)?.parse().ok()
}

/// The other identifiers that an item gives: the code painted on the station, which many trip
/// histories bear, and those that systems had before. The last two are not of the standard: Paris
/// and Bay Wheels publish them.
pub(crate) fn aliases(item: &Value) -> impl Iterator<Item = String> {
    let names = ["short_name", "legacy_id", "stationCode", "external_id"];
    names
        .into_iter()
        .filter_map(|name| text(item.get(name)?))
        .filter(|alias| !alias.trim().is_empty())
}

/// The description that an item of `station_information` gives of its station.
pub(crate) fn describe(item: &Value) -> Description {
    let degrees = |name: &str, most: f64| {
        item.get(name)
            .and_then(number)
            .filter(|degrees| degrees.abs() <= most)
    };
    Description {
        name: item.get("name").and_then(text),
        latitude: degrees("lat", 90.0),
        longitude: degrees("lon", 180.0),
        capacity: item.get("capacity").and_then(count),
        ..Description::default()
    }
}

/// The status that an item of `station_status` gives; `None` without a station, a count of bikes or an instant.
pub(crate) fn status(item: &Value) -> Option<Status> {
    let bikes = item
        .get("num_vehicles_available")
        .or_else(|| item.get("num_bikes_available"));
    let reported_at = item.get("last_reported").and_then(instant)?;

    Some(Status {
        station_id: station_id(item)?,
        bikes_available: count(bikes?)?,
        // A station without docks of its own has none to publish.
        docks_available: item.get("num_docks_available").and_then(count).unwrap_or(0),
        // The standard requires it: where it is absent, nothing says that the station is closed.
        is_renting: item.get("is_renting").and_then(truth).unwrap_or(true),
        reported_at: reported_at.to_rfc3339_opts(SecondsFormat::Secs, true),
    })
}

/// A text, written as one, as an integer, or by language as in 3.0: French is preferred.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(languages) => {
            let is_french =
                |one: &&Value| one.get("language").and_then(Value::as_str) == Some("fr");
            let chosen = languages.iter().find(is_french).or(languages.first())?;
            Some(chosen.get("text")?.as_str()?.to_owned())
        }
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.parse().ok())
        .filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests;
