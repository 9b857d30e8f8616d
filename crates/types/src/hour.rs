use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(test)]
mod tests;

/// The start of one hour, UTC. Counted in hours since 1970, so that lags are subtractions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

/// A text that is not an instant, or an instant that is not the start of an hour.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HourError {
    /// The text is not RFC 3339.
    #[error("`{0}` is not an instant such as 2026-03-01T08:00:00Z")]
    NotAnInstant(String),
    /// The instant lies inside an hour.
    #[error("`{0}` is not the start of an hour")]
    NotTheStart(String),
}

impl Hour {
    /// The hour that contains `instant`.
    pub fn containing(instant: DateTime<Utc>) -> Self {
        // Euclid's, so that the instants before 1970 belong to the hour that began before them.
        Self(instant.timestamp().div_euclid(3600))
    }

    /// From hours since 1970-01-01T00:00Z.
    pub const fn from_hours_since_epoch(hours: i64) -> Self {
        Self(hours)
    }

    /// Hours since 1970-01-01T00:00Z.
    pub const fn hours_since_epoch(self) -> i64 {
        self.0
    }

    /// The first instant of the hour; the ends of chrono's calendar bound it (years ±262,000).
    pub fn start(self) -> DateTime<Utc> {
        let seconds = self.0.saturating_mul(3600);

        DateTime::from_timestamp(seconds, 0).unwrap_or(if seconds < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }
}

impl Add<i64> for Hour {
    type Output = Self;
    fn add(self, hours: i64) -> Self {
        Self(self.0 + hours)
    }
}

impl Sub<i64> for Hour {
    type Output = Self;
    fn sub(self, hours: i64) -> Self {
        Self(self.0 - hours)
    }
}

impl Sub for Hour {
    type Output = i64;
    fn sub(self, other: Self) -> i64 {
        self.0 - other.0
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.start().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl FromStr for Hour {
    type Err = HourError;

    fn from_str(text: &str) -> Result<Self, HourError> {
        let instant = DateTime::parse_from_rfc3339(text)
            .map_err(|_| HourError::NotAnInstant(text.to_owned()))?
            .to_utc();

        let hour = Self::containing(instant);
        if hour.start() == instant {
            Ok(hour)
        } else {
            Err(HourError::NotTheStart(text.to_owned()))
        }
    }
}

impl Serialize for Hour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
