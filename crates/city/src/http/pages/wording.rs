//! Dates as French writes them.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use crate::calendar::PARIS;

/// `dimanche 1er mars 2026`.
pub(super) fn date_in_french(date: NaiveDate) -> String {
    let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
    let day = if date.day() == 1 {
        "1er".to_owned()
    } else {
        date.day().to_string()
    };
    format!(
        "{weekday} {day} {} {}",
        MONTHS[date.month0() as usize],
        date.year()
    )
}

/// `dimanche 1er mars 2026 à 20 h 30`, local time.
pub(super) fn instant_in_french(instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&PARIS);
    format!(
        "{} à {} h {:02}",
        date_in_french(local.date_naive()),
        local.hour(),
        local.minute()
    )
}

/// `2026-03-01T20:30:00+01:00`.
pub(super) fn instant(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&PARIS).to_rfc3339()
}

const WEEKDAYS: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_month_is_the_only_ordinal() {
        assert_eq!(
            date_in_french(NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()),
            "dimanche 1er mars 2026"
        );
        assert_eq!(
            date_in_french(NaiveDate::from_ymd_opt(2026, 8, 12).unwrap()),
            "mercredi 12 août 2026"
        );
    }

    #[test]
    fn instants_are_local() {
        let at = "2026-07-01T18:30:00Z".parse().unwrap();
        assert_eq!(instant_in_french(at), "mercredi 1er juillet 2026 à 20 h 30");
        assert_eq!(instant(at), "2026-07-01T20:30:00+02:00");
    }
}
