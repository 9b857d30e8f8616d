//! GBFS 1.0 to 3.0, read tolerantly: systems in the wild are often invalid, so faults are told, not
//! refused. <https://github.com/MobilityData/gbfs>

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_bounded::json;
use filrouge_types::StationId;
use filrouge_types::gbfs::{count, instant, truth};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

mod describe;

/// The addresses that a discovery file lists, by name of feed.
#[derive(Debug)]
pub(super) struct Feeds(BTreeMap<String, Url>);

/// One feed, whatever its version.
pub(super) struct Document {
    value: Value,
}

/// The last report of a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StationStatus {
    /// The station.
    pub station_id: StationId,
    /// Bikes that can be rented.
    pub bikes_available: Option<u32>,
    /// Docks that can take a bike back.
    pub docks_available: Option<u32>,
    /// True when the station rents bikes.
    pub is_renting: Option<bool>,
    /// When the station spoke to its operator for the last time.
    pub reported_at: Option<DateTime<Utc>>,
}

impl Feeds {
    /// Reads `gbfs.json`: one list of feeds in 3.0, one a language before; `language` is preferred,
    /// then English. Addresses may be relative to `base`, that of the file.
    pub(super) fn read(body: &[u8], language: &str, base: &Url) -> Result<Self> {
        let document: Value = json(body).context("it is not JSON")?;
        let data = document.get("data").context("it has no `data`")?;
        let feeds = [
            data.get("feeds"),
            language_feeds(data, language),
            language_feeds(data, "en"),
        ];

        let any = data
            .as_object()
            .and_then(|languages| languages.values().find_map(|one| one.get("feeds")));

        let feeds = feeds
            .into_iter()
            .flatten()
            .next()
            // A system of one language may name it by a code of its own.
            .or(any)
            .and_then(Value::as_array);

        let feeds = feeds.context("it has no list of `feeds`")?;

        Ok(Self(
            feeds.iter().filter_map(|one| feed(one, base)).collect(),
        ))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Url> {
        self.0.get(name)
    }

    /// The address of a feed that must be there.
    pub(super) fn require(&self, name: &str) -> Result<&Url> {
        let known = || {
            self.0
                .keys()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        self.get(name)
            .ok_or_else(|| anyhow!("the discovery file lists no `{name}`, only: {}", known()))
    }
}

impl Document {
    pub(super) fn read(body: &[u8]) -> Result<Self> {
        Ok(Self { value: json(body)? })
    }

    /// The instant until which the publisher says that nothing changes, `longest` after its update
    /// at most.
    pub(super) fn valid_until(&self, longest: TimeDelta) -> Option<DateTime<Utc>> {
        let updated = instant(self.value.get("last_updated")?)?;
        // Some publishers write a negative time to live.
        let ttl = TimeDelta::try_seconds(self.value.get("ttl")?.as_i64()?.max(0))?;
        updated.checked_add_signed(ttl.min(longest))
    }

    /// The items of `data.stations` or `data.vehicle_types`.
    fn items(&self, name: &str) -> Option<&Vec<Value>> {
        self.value.get("data")?.get(name)?.as_array()
    }

    /// The statuses of the stations that can be identified.
    pub(super) fn statuses(&self) -> Result<Vec<StationStatus>> {
        let stations = self
            .items("stations")
            .context("it has no `data.stations`")?;
        Ok(stations.iter().filter_map(status).collect())
    }
}

fn language_feeds<'a>(data: &'a Value, language: &str) -> Option<&'a Value> {
    data.get(language)?.get("feeds")
}

fn feed(feed: &Value, base: &Url) -> Option<(String, Url)> {
    let name = feed.get("name")?.as_str()?;
    // Some publishers write `station_status.json` for `station_status`.
    let name = name.strip_suffix(".json").unwrap_or(name);
    Some((
        name.to_owned(),
        base.join(feed.get("url")?.as_str()?.trim()).ok()?,
    ))
}

fn status(station: &Value) -> Option<StationStatus> {
    let bikes = station
        .get("num_vehicles_available")
        .or_else(|| station.get("num_bikes_available"));
    Some(StationStatus {
        station_id: text(station.get("station_id")?)?.parse().ok()?,
        bikes_available: bikes.and_then(count),
        docks_available: station.get("num_docks_available").and_then(count),
        is_renting: station.get("is_renting").and_then(truth),
        reported_at: station.get("last_reported").and_then(instant),
    })
}

/// A text, written as one, as an integer, or by language as in 3.0.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(languages) => languages.first()?.get("text")?.as_str().map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
