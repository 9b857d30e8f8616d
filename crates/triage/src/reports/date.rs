//! The ways a date is written in exports.

use chrono::{Datelike as _, NaiveDate};

/// Years before hold no report on a bike: a date of 1970 is an empty field that was filled.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// `2026-03-01`, `2026/03/01` or `01/03/2026` (the day first, as in France), and whatever time follows.
pub(super) fn parse(value: &str) -> Option<NaiveDate> {
    let (date, rest) = value.split_at_checked(10)?;
    if !rest.is_empty() && !rest.starts_with(['T', ' ']) {
        return None;
    }

    let formats = ["%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y"];
    let mut dates = formats
        .iter()
        .filter_map(|format| NaiveDate::parse_from_str(date, format).ok());
    dates.find(|date| YEARS.contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_day_is_read_in_each_way() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 1);
        for value in [
            "2026-03-01",
            "2026-03-01T08:15:00Z",
            "2026-03-01 08:15",
            "01/03/2026",
            "2026/03/01",
        ] {
            assert_eq!(parse(value), day, "{value}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for value in [
            "",
            "hier",
            "2026-13-01",
            "2026-02-30",
            "1970-01-01",
            "2026-03-011",
            "1er mars 🚲",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
