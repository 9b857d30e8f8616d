//! A week of ISO 8601, from Monday to Sunday.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use serde::Deserialize;

/// A week, such as 2026-W45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Week {
    monday: NaiveDate,
}

/// The text is not a week.
#[derive(Debug, thiserror::Error)]
#[error("« {0} » n’est pas une semaine telle que 2026-W45")]
pub struct WeekError(String);

impl Week {
    /// The week that holds this day.
    pub fn of(day: NaiveDate) -> Self {
        let days = i64::from(day.weekday().num_days_from_monday());
        Self {
            monday: day - TimeDelta::days(days),
        }
    }

    /// Its first day.
    pub fn monday(self) -> NaiveDate {
        self.monday
    }

    /// From its Monday at midnight UTC, included, to the next, excluded.
    pub fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = self.monday.and_time(chrono::NaiveTime::MIN).and_utc();
        (from, from + TimeDelta::days(7))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(formatter, "{}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for Week {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, WeekError> {
        let parse = || {
            let (year, week) = text.split_once("-W")?;
            let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let is_plain = year.len() == 4 && week.len() == 2 && is_number(year) && is_number(week);
            let monday =
                NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)?;
            is_plain.then_some(Self { monday })
        };
        parse().ok_or_else(|| WeekError(text.to_owned()))
    }
}

impl TryFrom<String> for Week {
    type Error = WeekError;

    fn try_from(text: String) -> Result<Self, WeekError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_starts_on_monday_and_belongs_to_the_year_of_its_thursday() {
        let cases = [
            ("2026-11-30", "2026-W49"),
            ("2026-11-29", "2026-W48"),
            ("2027-01-03", "2026-W53"),
            ("2024-12-30", "2025-W01"),
        ];

        for (day, expected) in cases {
            let week = Week::of(day.parse().unwrap());
            assert_eq!(week.to_string(), expected, "{day}");
            assert_eq!(expected.parse::<Week>().unwrap(), week);
        }
    }

    #[test]
    fn what_is_no_week_is_refused() {
        for text in [
            "2026-W54", "2026-W00", "2026W01", "2026-W1", "W01", "2026-W+1", "",
        ] {
            let error = text.parse::<Week>().unwrap_err().to_string();
            assert!(error.contains("telle que 2026-W45"), "{text}: {error}");
        }
    }
}
