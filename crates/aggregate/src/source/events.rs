//! The agenda: events that draw a crowd, their hours, and the stations near them.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::{Hour, Station};
use serde::Deserialize;

use crate::AggregateError;
use crate::ledger::{Finding, Ledger};
use crate::text;

const SOURCE: &str = "events";

/// Taken for the duration of an event whose end is not published.
const USUAL_HOURS: i64 = 3;

/// Longer ones (an exhibition, a season) draw no crowd of their own at any hour.
const LONGEST_DAYS: i64 = 7;

/// The events of a run, with the stations that their place names.
#[derive(Debug)]
pub(crate) struct Agenda {
    /// The hour in which the first event begins: before it the agenda says nothing.
    first: Option<Hour>,
    /// By station index and hour.
    counts: BTreeMap<(usize, Hour), u16>,
    /// Places that no station is near of.
    pub(crate) places_elsewhere: usize,
}

#[derive(Deserialize)]
struct Event {
    place: Option<String>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
}

impl Agenda {
    /// Reads the agenda of the folder `web_page` of a run, or `None` when it is absent.
    pub(crate) fn read(
        folder: &Path,
        stations: &[Station],
        ledger: &mut Ledger,
    ) -> Result<Option<Self>, AggregateError> {
        let Some(events) = super::read_json_lines::<Event>(&folder.join("events.jsonl"))? else {
            return Ok(None);
        };

        ledger.read(SOURCE, events.len());
        let mut agenda = Self {
            first: None,
            counts: BTreeMap::new(),
            places_elsewhere: 0,
        };

        for (event, line) in events.iter().zip(1..) {
            match event.starts_at {
                Some(starts_at) => agenda.add(event, starts_at, stations),
                None => ledger.find(SOURCE, Finding::unreadable_instant("events.jsonl", line)),
            }
        }

        ledger.keep(
            SOURCE,
            events
                .iter()
                .filter(|event| event.starts_at.is_some())
                .count(),
        );

        Ok(Some(agenda))
    }

    /// The events that go on near the station during some part of `hour`; `None` before the first
    /// of the agenda.
    pub(crate) fn count(&self, station: usize, hour: Hour) -> Option<u16> {
        self.first.filter(|&first| first <= hour)?;
        Some(self.counts.get(&(station, hour)).copied().unwrap_or(0))
    }

    fn add(&mut self, event: &Event, starts_at: DateTime<Utc>, stations: &[Station]) {
        let first = Hour::containing(starts_at);
        self.first = Some(self.first.map_or(first, |known| known.min(first)));
        let near = event
            .place
            .as_deref()
            .map_or_else(Vec::new, |place| near(place, stations));

        self.places_elsewhere += usize::from(near.is_empty());
        for hour in hours(starts_at, event.ends_at) {
            for &station in &near {
                let count = self.counts.entry((station, hour)).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
}

/// The hours that an event touches.
fn hours(starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>) -> impl Iterator<Item = Hour> {
    let usual = starts_at + TimeDelta::hours(USUAL_HOURS);
    let ends_at = ends_at
        .filter(|&ends_at| ends_at > starts_at)
        .unwrap_or(usual);
    let ends_at = ends_at.min(starts_at + TimeDelta::days(LONGEST_DAYS));
    let first = Hour::containing(starts_at);
    // An event that ends at nine sharp does not touch the hour of nine.
    let last = Hour::containing(ends_at - TimeDelta::microseconds(1));
    (0..=last - first).map(move |step| first + step)
}

/// The stations whose district or name is one of the parts of a place, such as `Grande Halle, La
/// Confluence`.
fn near(place: &str, stations: &[Station]) -> Vec<usize> {
    let parts: Vec<String> = place.split(',').map(text::key).collect();
    let is_named = |name: &str| parts.contains(&text::key(name));
    let is_near = |station: &Station| {
        is_named(&station.name) || station.district.as_deref().is_some_and(is_named)
    };
    (0..stations.len())
        .filter(|&index| is_near(&stations[index]))
        .collect()
}

#[cfg(test)]
mod tests;
