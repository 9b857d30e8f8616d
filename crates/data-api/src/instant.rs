//! Instants as clients give them: ISO 8601, UTC.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use filrouge_http::{Parameters, Problem};
use filrouge_types::Hour;

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

        // An hour that began before the bound is not whole within it.
        if hour.start() < instant {
            hour + 1
        } else {
            hour
        }
    });

    Ok(hour)
}
