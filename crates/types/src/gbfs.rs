//! The values of GBFS 1.0 to 3.0 as systems in the wild write them: numbers as texts, booleans as 0
//! and 1, instants as seconds or milliseconds. <https://github.com/MobilityData/gbfs>

use chrono::{DateTime, Utc};
use serde_json::Value;

#[cfg(test)]
mod tests;

/// A whole number, written as one, as a decimal without decimals, or as text.
pub fn whole(value: &Value) -> Option<i64> {
    // Beyond 2^53 a float no longer tells one whole number from the next.
    let decimal = || {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() < 9e15)
    };
    let written = || value.as_str()?.trim().parse().ok();

    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole numbers up to 2^53 are exact in 64-bit floating point"
    )]
    value
        .as_i64()
        .or_else(|| decimal().map(|number| number as i64))
        .or_else(written)
}

/// A whole number that counts something.
pub fn count(value: &Value) -> Option<u32> {
    whole(value)?.try_into().ok()
}

/// A boolean, written as one, as 0 or 1, or as text.
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => Some(number.as_f64()? != 0.0),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// An instant: RFC 3339 in 3.0, POSIX seconds before, for which some systems publish
/// milliseconds.
pub fn instant(value: &Value) -> Option<DateTime<Utc>> {
    // In seconds, the year 5138; in milliseconds, 1973: no system of bikes is at either.
    const FIRST_MILLISECONDS: i64 = 100_000_000_000;

    if let Some(instant) = value
        .as_str()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
    {
        return Some(instant.to_utc());
    }

    match whole(value)? {
        milliseconds if milliseconds >= FIRST_MILLISECONDS => {
            DateTime::from_timestamp_millis(milliseconds)
        }
        seconds => DateTime::from_timestamp(seconds, 0),
    }
}
