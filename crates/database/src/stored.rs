//! Values in columns that have no type of their own.

use chrono::{DateTime, Utc};
use filrouge_types::StationId;

use crate::{DatabaseError, Result};

/// The instant that `column` keeps as seconds since 1970.
pub(crate) fn instant(column: &'static str, seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| DatabaseError::corrupt(column, "out of the calendar"))
}

/// The count that `column` keeps.
pub(crate) fn count(column: &'static str, value: i64) -> Result<u32> {
    u32::try_from(value).map_err(|error| DatabaseError::corrupt(column, error))
}

/// The station that a column names.
pub(crate) fn station(text: &str) -> Result<StationId> {
    text.parse()
        .map_err(|error| DatabaseError::corrupt("station_id", error))
}
