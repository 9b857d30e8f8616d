//! Oddities of a feed: fields that are absent, of another type, or of an older version.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Document, count, instant, text, truth};

/// The content of a feed, and its oddities.
#[derive(Debug, PartialEq)]
pub(crate) struct Summary {
    /// Stations or vehicle types.
    pub(crate) rows: usize,
    /// The fields that no item has and without which the feed says nothing: its publisher renamed
    /// them.
    pub(crate) renamed: Vec<String>,
    /// One sentence an oddity, with how many items show it.
    pub(crate) notes: Vec<String>,
}

/// One required field, by the names it bears in the versions.
type Names = &'static [&'static str];

const STATION_INFORMATION: &[Names] = &[&["station_id"], &["name"], &["lat"], &["lon"]];

const STATION_STATUS: &[Names] = &[
    &["station_id"],
    &["num_vehicles_available", "num_bikes_available"],
    &["is_installed"],
    &["is_renting"],
    &["is_returning"],
    &["last_reported"],
];

/// Without these a feed of stations cannot be used at all.
fn indispensable(feed: &str) -> &'static [Names] {
    match feed {
        "station_information" => &STATION_INFORMATION[..1],
        "station_status" => &STATION_STATUS[..2],
        _ => &[],
    }
}

fn is_absent(names: Names, item: &Value) -> bool {
    names
        .iter()
        .all(|name| item.get(name).is_none_or(Value::is_null))
}

impl Document {
    /// Describes the feed `name`; `now` tells instants that are in the future.
    pub(crate) fn describe(&self, name: &str, now: DateTime<Utc>) -> Summary {
        let list = if name == "vehicle_types" {
            "vehicle_types"
        } else {
            "stations"
        };
        let items = self.items(list).map(Vec::as_slice).unwrap_or_default();
        let mut oddities: BTreeMap<String, usize> = BTreeMap::new();

        let mut seen = HashSet::new();

        for item in items {
            let mut add = |oddity: String| *oddities.entry(oddity).or_default() += 1;
            missing(name, item).for_each(&mut add);
            odd_types(item).for_each(&mut add);
            odd_values(item, now).for_each(&mut add);
            if item
                .get("station_id")
                .and_then(text)
                .is_some_and(|id| !seen.insert(id))
            {
                add("`station_id` already given by an earlier item".to_owned());
            }
        }

        let counted = oddities
            .into_iter()
            .map(|(oddity, times)| format!("{oddity} ({times} items)"));
        let lost = indispensable(name)
            .iter()
            .filter(|names| items.iter().all(|item| is_absent(names, item)));
        let renamed = lost
            .filter(|_| !items.is_empty())
            .map(|names| names.join("` nor `"))
            .collect();

        Summary {
            rows: items.len(),
            renamed,
            notes: self.envelope().into_iter().chain(counted).collect(),
        }
    }

    fn envelope(&self) -> Vec<String> {
        let absent = ["last_updated", "ttl", "version", "data"]
            .into_iter()
            .filter(|key| self.value.get(key).is_none());
        let mut notes: Vec<_> = absent.map(|key| format!("no `{key}`")).collect();
        if self
            .value
            .get("last_updated")
            .is_some_and(|value| instant(value).is_none())
        {
            notes.push("`last_updated` is not an instant".to_owned());
        }
        notes
    }
}

fn missing(feed: &str, item: &Value) -> impl Iterator<Item = String> {
    let required = match feed {
        "station_information" => STATION_INFORMATION,
        "station_status" => STATION_STATUS,
        _ => &[],
    };
    let absent = required.iter().filter(|names| is_absent(names, item));
    absent.map(|names| format!("no `{}`", names.join("` nor `")))
}

fn odd_types(item: &Value) -> impl Iterator<Item = String> + '_ {
    let fields = item.as_object().into_iter().flatten();
    fields.filter_map(|(name, value)| odd_type(name, value))
}

fn odd_type(name: &str, value: &Value) -> Option<String> {
    let (valid, expected) = match name {
        "station_id" => (value.is_string(), "a text"),
        "is_installed" | "is_renting" | "is_returning" => (value.is_boolean(), "a boolean"),
        "last_reported" => (instant(value).is_some(), "an instant"),
        "capacity" | "num_bikes_available" | "num_vehicles_available" | "num_docks_available" => {
            (count(value).is_some(), "a count")
        }
        "lat" | "lon" => (value.is_number(), "a number"),
        _ => return None,
    };

    let understood = if name.starts_with("is_") && truth(value).is_some() {
        ", but is understood"
    } else {
        ""
    };
    (!valid).then(|| format!("`{name}` is not {expected}{understood}"))
}

/// A status this much ahead of our clock is more than a difference between clocks.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(1);

fn odd_values(item: &Value, now: DateTime<Utc>) -> impl Iterator<Item = String> {
    let reported = item.get("last_reported").and_then(instant);
    let future = reported.is_some_and(|at| at > now + CLOCK_TOLERANCE);
    let no_capacity = item.get("capacity").and_then(count) == Some(0);
    [
        (future, "`last_reported` is in the future"),
        (no_capacity, "`capacity` is 0"),
    ]
    .into_iter()
    .filter(|(odd, _)| *odd)
    .map(|(_, oddity)| oddity.to_owned())
}
