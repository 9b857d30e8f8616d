//! The values of GBFS 1.1 to 3.0 as they are found: systems in the wild write numbers as texts,
//! booleans as 0 and 1, instants as seconds or milliseconds. <https://github.com/MobilityData/gbfs>

use chrono::{DateTime, Utc};
use serde_json::Value;

/// A whole number, written as one, as a decimal without decimals, or as text.
pub fn whole(value: &Value) -> Option<i64> {
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

/// An instant: RFC 3339 in 3.0, POSIX seconds before; milliseconds are what some publish for
/// seconds.
pub fn instant(value: &Value) -> Option<DateTime<Utc>> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (value, expected) in [
            (json!(3), Some(3)),
            (json!(3.0), Some(3)),
            (json!(" 3 "), Some(3)),
            (json!(3.5), None),
            (json!(-1), None),
        ] {
            assert_eq!(count(&value), expected, "{value}");
        }
    }

    #[test]
    fn booleans_are_read_however_they_are_written() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!(0), Some(false)),
            (json!("true"), Some(true)),
            (json!("yes"), None),
        ] {
            assert_eq!(truth(&value), expected, "{value}");
        }
    }

    #[test]
    fn an_instant_is_a_text_seconds_or_milliseconds() {
        for value in [
            json!("2024-11-19T10:00:00+01:00"),
            json!(1_732_006_800),
            json!("1732006800000"),
        ] {
            assert_eq!(
                instant(&value).unwrap().to_rfc3339(),
                "2024-11-19T09:00:00+00:00",
                "{value}"
            );
        }
        assert_eq!(instant(&json!(null)), None);
    }
}
