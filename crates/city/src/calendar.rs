//! The French calendar, computed: nothing to download, and right for any year.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::{Europe, Tz};
use filrouge_types::Hour;

mod public_holidays;
mod school_holidays;

pub use public_holidays::{PublicHoliday, easter_sunday, public_holidays};
pub use school_holidays::{SchoolHoliday, school_holidays};

/// The zone in which Rivemont lives.
pub(crate) const PARIS: Tz = Europe::Paris;

/// True when `date` is a public holiday in metropolitan France.
pub fn is_public_holiday(date: NaiveDate) -> bool {
    public_holidays(date.year())
        .iter()
        .any(|holiday| holiday.date == date)
}

/// True when `date` falls in the school holidays of zone A.
pub fn is_school_holiday(date: NaiveDate) -> bool {
    // The school year of before goes on until August.
    [date.year() - 1, date.year()]
        .into_iter()
        .flat_map(school_holidays)
        // Both ends are days without school.
        .any(|holiday| (holiday.starts_on..=holiday.ends_on).contains(&date))
}

/// True when people work on `date`: neither a week-end nor a public holiday.
pub(crate) fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !is_public_holiday(date)
}

fn first_saturday_from(year: i32, month: u32, day: u32) -> NaiveDate {
    let from = date(year, month, day);
    // Saturday is day 5; the remainder only goes forward.
    from + TimeDelta::days((5 - i64::from(from.weekday().num_days_from_monday())).rem_euclid(7))
}

/// A date that exists in every year; the first of chrono's calendar otherwise.
pub(crate) const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

/// The local time at which `hour` begins.
pub(crate) fn local(hour: Hour) -> DateTime<Tz> {
    hour.start().with_timezone(&PARIS)
}

/// The local dates from that of the instant `from` to that of `to`, both included.
pub(crate) fn local_dates(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> impl DoubleEndedIterator<Item = NaiveDate> {
    let first = from.with_timezone(&PARIS).date_naive();
    let last = to.with_timezone(&PARIS).date_naive();
    (0..=(last - first).num_days()).map(move |days| first + TimeDelta::days(days))
}

/// The first day of the month of `date`.
pub(crate) fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

#[cfg(test)]
mod tests;
