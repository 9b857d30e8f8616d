//! The ways a date is written in exports.

use chrono::{DateTime, Datelike as _, NaiveDate};

/// Years before hold no report on a bike: a date of 1970 is an empty field that was filled.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// More seconds since 1970 than any of these years has: the value counts milliseconds.
const MILLISECONDS: f64 = 1e11;

/// `2026-03-01`, `2026/03/01`, `01/03/2026` or `01.03.2026` (the day first, as in France) and whatever
/// time follows, or seconds or milliseconds since 1970.
pub(super) fn parse(value: &str) -> Option<NaiveDate> {
    let (date, _) = value.split_once(['T', ' ']).unwrap_or((value, ""));

    let formats = ["%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"];
    let written = formats
        .iter()
        .filter_map(|format| NaiveDate::parse_from_str(date, format).ok());
    let number: Option<f64> = date.parse().ok();
    let instant = number.and_then(|number| {
        let seconds = if number > MILLISECONDS {
            number / 1000.0
        } else {
            number
        };
        // A day is asked for: what is cut is less than a second.
        DateTime::from_timestamp(seconds as i64, 0)
    });
    let mut dates = written.chain(instant.map(|instant| instant.date_naive()));
    dates.find(|date| YEARS.contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_day_is_read_in_each_way() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 1);
        let ways = [
            "2026-03-01",
            "2026-03-01T08:15:00Z",
            "2026-03-01 08:15",
            "01/03/2026",
            "1/3/2026 08:15",
            "01-03-2026",
            "2026/03/01",
            "01.03.2026",
            "1772352900",
            "1772352900.5",
            "1772352900000",
        ];

        for value in ways {
            assert_eq!(parse(value), day, "{value}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        let values = [
            "",
            "hier",
            "2026-13-01",
            "2026-02-30",
            "1970-01-01",
            "2026-03-011",
            "1er mars 🚲",
            "12",
            "26",
            "nan",
            "inf",
            "-1e300",
        ];
        for value in values {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
