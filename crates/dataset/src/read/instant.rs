use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use filrouge_types::Hour;

/// Reads hours; remembers the texts it has read, for each hour comes once a station.
#[derive(Default)]
pub(super) struct Hours(HashMap<Box<str>, Hour>);

const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// Longest first: what follows the seconds or minutes decides.
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
mod tests {
    use super::*;

    #[test]
    fn every_usual_writing_of_one_hour_is_that_hour() {
        for text in [
            "2026-03-01T08:00:00Z",
            "2026-03-01T08:00:00",
            "2026-03-01 08:00:00",
            "2026-03-01 08:00",
            "2026-03-01T08:00Z",
            "2026-03-01T08:00:00.000000+0000",
            "2026-03-01 08:00:00+00",
            "2026-03-01 09:00:00+01:00",
            "2026-03-01 08:00:00 UTC",
        ] {
            let hour = Hours::default().read(text).map(|hour| hour.to_string());
            assert_eq!(hour.as_deref(), Ok("2026-03-01T08:00:00Z"), "{text}");
        }
    }

    #[test]
    fn what_is_no_hour_is_refused_with_its_text() {
        let mut hours = Hours::default();
        for text in [
            "",
            "hier",
            "2026-03-01",
            "2026-02-30T08:00:00Z",
            "01/03/2026 08:00",
        ] {
            assert!(
                hours.read(text).unwrap_err().contains("is not an instant"),
                "{text}"
            );
        }
        assert_eq!(
            hours.read("2026-03-01T08:30").unwrap_err(),
            "`2026-03-01T08:30` is not the start of an hour"
        );
    }
}
