use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

use crate::calendar::PARIS;

/// The instant at which the operating day `date` opens: 03:00 local.
pub(crate) fn opening(date: NaiveDate) -> DateTime<Utc> {
    let three = NaiveTime::from_hms_opt(3, 0, 0).unwrap_or_default();
    PARIS
        .from_local_datetime(&date.and_time(three))
        // 03:00 exists once: `latest` and `earliest` are the same.
        .latest()
        .map_or_else(Default::default, |at| at.to_utc())
}

/// The operating day that `instant` belongs to.
pub(crate) fn operating_date(instant: DateTime<Utc>) -> NaiveDate {
    let date = instant.with_timezone(&PARIS).date_naive();
    if instant < opening(date) {
        date - TimeDelta::days(1)
    } else {
        date
    }
}
