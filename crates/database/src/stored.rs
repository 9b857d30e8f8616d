//! Values in columns that have no type of their own.

use chrono::{DateTime, Utc};

use crate::{DatabaseError, Result};

/// The instant that `column` keeps as seconds since 1970.
pub(crate) fn instant(column: &'static str, seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| DatabaseError::corrupt(column, "out of the calendar"))
}
