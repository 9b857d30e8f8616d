//! The part of the past that the city publishes.

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use filrouge_types::Hour;

use crate::calendar::{date, first_of_month};

/// The day the system opened, when the first riders subscribed.
pub(crate) const OPENING: NaiveDate = date(2023, 1, 1);

/// Months of the past that are published, before the present one.
pub(crate) const HISTORY_MONTHS: u32 = 24;

/// The first day of the month, so many months before that of `now`.
pub(crate) fn history_start(now: DateTime<Utc>, months: u32) -> DateTime<Utc> {
    let month = first_of_month(now.date_naive());
    let start = month
        .checked_sub_months(Months::new(months))
        .unwrap_or(month);
    start.and_time(NaiveTime::MIN).and_utc()
}

/// Trips are published by whole hours, one hour after the hour ended: then all of them are over.
pub(crate) fn published_until(now: DateTime<Utc>) -> DateTime<Utc> {
    (Hour::containing(now) - 1).start()
}
