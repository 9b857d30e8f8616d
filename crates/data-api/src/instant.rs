//! Instants as clients give them and read them: ISO 8601, UTC.

use chrono::{DateTime, SecondsFormat, Utc};
use filrouge_http::{Parameters, Problem};
use filrouge_types::Hour;
use serde::Serializer;

const EXPECTED: &str = "un instant tel que 2026-03-01T08:00:00Z";

/// Takes an instant.
pub(crate) fn take_instant(
    parameters: &mut Parameters,
    name: &'static str,
) -> Result<Option<DateTime<Utc>>, Problem> {
    let read = |text: &str| {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|instant| instant.to_utc())
    };
    parameters.take_with(name, EXPECTED, read)
}

/// Takes an instant as a bound of hours: the first hour that begins at it or after it. So `from`
/// and `to` mean `from ≤ hour < to`, whatever instants they are; a period that ends before it
/// begins holds no hour.
pub(crate) fn take_hour(
    parameters: &mut Parameters,
    name: &'static str,
) -> Result<Option<Hour>, Problem> {
    let hour = take_instant(parameters, name)?.map(|instant| {
        let hour = Hour::containing(instant);
        if hour.start() < instant {
            hour + 1
        } else {
            hour
        }
    });
    Ok(hour)
}

pub(crate) fn write<S: Serializer>(
    instant: &DateTime<Utc>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

pub(crate) fn write_optional<S: Serializer>(
    instant: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => write(instant, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_within_an_hour_bounds_at_the_next_one() {
        for (text, expected) in [
            ("2026-03-01T08:00:00Z", Some("2026-03-01T08:00:00Z")),
            ("2026-03-01T08:30:00Z", Some("2026-03-01T09:00:00Z")),
            (
                "2026-03-01T07:59:59.999%2B01:00",
                Some("2026-03-01T07:00:00Z"),
            ),
            ("0000-01-01T00:00:00Z", Some("0000-01-01T00:00:00Z")),
            ("9999-12-31T23:59:60Z", Some("+10000-01-01T00:00:00Z")),
            ("yesterday", None),
        ] {
            let mut parameters = Parameters::parse(&format!("from={text}")).unwrap();
            let hour = take_hour(&mut parameters, "from");

            match expected {
                Some(expected) => {
                    assert_eq!(
                        hour.unwrap().unwrap().start().to_rfc3339(),
                        expected.replace('Z', "+00:00")
                    )
                }
                None => assert!(hour.is_err(), "{text}"),
            }
        }
    }
}
