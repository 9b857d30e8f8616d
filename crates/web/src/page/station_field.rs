//! A field in which a rider names a station, and the station that is meant.

use filrouge_api_client::data::StationItem;

use crate::frame::Frame;
use crate::search::{LONGEST, Search, find_named};

/// The most stations that are proposed when several could be meant.
const MOST_PROPOSED: usize = 8;

/// A field, as it is shown again with what was typed in it.
pub(crate) struct StationField {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) error: Option<String>,
}

/// The station that a text means.
#[derive(Debug)]
pub(crate) enum Meant<'a> {
    /// Nothing was typed.
    Nothing,
    /// One.
    Station(&'a StationItem),
    /// None.
    Unknown,
    /// Several, of which these are the first.
    Several(Vec<&'a StationItem>),
}

impl<'a> Meant<'a> {
    /// The station of that identifier or of that very name, else the only one that a search finds.
    pub(crate) fn read(list: &'a [StationItem], typed: &str) -> Self {
        let typed = typed.trim();
        if typed.is_empty() {
            return Self::Nothing;
        }

        if let Some(station) = find_named(list, typed) {
            return Self::Station(station);
        }

        let search = Search::new(typed);
        let found: Vec<_> = list
            .iter()
            .filter(|station| search.finds(station))
            .collect();
        match found.as_slice() {
            [] => Self::Unknown,
            [station] => Self::Station(station),
            several => Self::Several(several.iter().take(MOST_PROPOSED).copied().collect()),
        }
    }

    pub(crate) fn station(&self) -> Option<&'a StationItem> {
        match self {
            Self::Station(station) => Some(station),
            _ => None,
        }
    }
}

impl StationField {
    /// The field `id` after `typed` was read; `was_sent` tells whether the form was.
    pub(crate) fn new(
        t: &Frame,
        (id, label): (&'static str, String),
        typed: &str,
        meant: &Meant<'_>,
        was_sent: bool,
    ) -> Self {
        // What comes back is as short as what is read.
        let typed: String = typed.trim().chars().take(LONGEST).collect();
        let error = match meant {
            Meant::Station(_) => None,
            Meant::Nothing => was_sent.then(|| t.say("field-empty")),
            Meant::Unknown => Some(t.tell("field-unknown", [("typed", typed.as_str().into())])),
            Meant::Several(stations) => {
                let names: Vec<_> = stations
                    .iter()
                    .map(|station| station.name.as_str())
                    .collect();
                Some(t.tell("field-several", [("names", names.join(", ").into())]))
            }
        };

        Self {
            id,
            label,
            // The station's name, whatever identified it.
            value: match meant.station() {
                Some(station) => station.name.clone(),
                None => typed.clone(),
            },
            error,
        }
    }
}

#[cfg(test)]
mod tests;
