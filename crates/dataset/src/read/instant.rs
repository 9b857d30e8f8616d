use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use filrouge_types::Hour;

/// Reads hours; remembers the texts it has read, for each hour comes once a station.
#[derive(Default)]
pub(super) struct Hours(HashMap<Box<str>, Hour>);

const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// Longest first: the text after the seconds or minutes decides.
const WITH_OFFSET: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M%#z",
    "%Y-%m-%d %H:%M%#z",
];
const NAIVE: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
];

impl Hours {
    /// An ISO 8601 text, `T` or a space between day and time; without offset it is UTC.
    pub(super) fn read(&mut self, text: &str) -> Result<Hour, String> {
        if let Some(&hour) = self.0.get(text) {
            return Ok(hour);
        }
        let instant = parse(text)
            .ok_or_else(|| format!("`{text}` is not an instant such as 2026-03-01T08:00:00Z"))?;
        let hour = Hour::containing(instant);
        if hour.start() != instant {
            return Err(format!("`{text}` is not the start of an hour"));
        }
        self.0.insert(text.into(), hour);
        Ok(hour)
    }

    pub(super) fn read_microseconds(microseconds: i64) -> Result<Hour, String> {
        if microseconds % MICROSECONDS_AN_HOUR == 0 {
            return Ok(Hour::from_hours_since_epoch(
                microseconds / MICROSECONDS_AN_HOUR,
            ));
        }
        match DateTime::from_timestamp_micros(microseconds) {
            Some(instant) => Err(format!(
                "`{}` is not the start of an hour",
                instant.to_rfc3339()
            )),
            None => Err(format!("`{microseconds} µs` is not the start of an hour")),
        }
    }
}

fn parse(text: &str) -> Option<DateTime<Utc>> {
    // As chrono's `Display` ends an instant.
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let with_offset = || {
        WITH_OFFSET
            .iter()
            .find_map(|format| DateTime::parse_from_str(text, format).ok())
    };
    let naive = || {
        NAIVE
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    };

    with_offset()
        .map(|instant| instant.to_utc())
        .or_else(|| naive().map(|instant| instant.and_utc()))
}

#[cfg(test)]
mod tests;
