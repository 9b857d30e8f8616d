//! Instants of trips: microseconds since 1970, UTC.

use filrouge_types::Hour;
use polars::prelude::{DataType, TimeUnit, TimeZone};

/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;

/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600 * SECOND;

/// Microseconds of a day, UTC.
pub(crate) const DAY: i64 = 24 * HOUR;

/// The hour of an instant.
pub(crate) fn hour_of(microseconds: i64) -> Hour {
    Hour::from_hours_since_epoch(microseconds.div_euclid(HOUR))
}

/// The type of instants in frames.
pub(crate) fn instant_type() -> DataType {
    DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
}
