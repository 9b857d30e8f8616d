//! Days of the import: from midnight to midnight UTC, numbered since 1970.

use filrouge_types::Hour;

const HOURS_A_DAY: i64 = 24;

/// The number of the day that holds `hour`.
pub(super) fn day_of(hour: Hour) -> i64 {
    hour.hours_since_epoch().div_euclid(HOURS_A_DAY)
}

/// The first and the last hour of a day.
pub(super) fn span(number: i64) -> (Hour, Hour) {
    let first = Hour::from_hours_since_epoch(number * HOURS_A_DAY);

    (first, first + (HOURS_A_DAY - 1))
}
