//! Instants as both APIs write them: ISO 8601, UTC, whole seconds.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serializer;

/// Writes an instant.
///
/// # Errors
/// Those of the serializer.
pub fn write<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Writes an instant, or `null`.
///
/// # Errors
/// Those of the serializer.
pub fn write_optional<S: Serializer>(
    instant: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => write(instant, serializer),
        None => serializer.serialize_none(),
    }
}
