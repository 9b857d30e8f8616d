//! Dates and instants as French pages write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

const MONTHS: [(&str, u32); 12] = [
    ("janv", 1),
    ("fevr", 2),
    ("mars", 3),
    ("avr", 4),
    ("mai", 5),
    ("juin", 6),
    ("juil", 7),
    ("aout", 8),
    ("sept", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];

/// An instant: RFC 3339, or a local date and time such as `samedi 27 juin 2026 à 21h05`. Without a
/// time it is midnight. A local time that comes twice is the first of the two; one that the clocks
/// skip is none.
pub(super) fn instant(text: &str, time_zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc());
    }
    let local = iso(text).or_else(|| Some(date(text)?.and_time(time(text).unwrap_or_default())))?;
    time_zone
        .from_local_datetime(&local)
        .earliest()
        .map(|instant| instant.to_utc())
}

/// A date: `2026-06-27`, `27/06/2026` or `samedi 27 juin 2026`, wherever it is in the text.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = text
        .split(|sign: char| sign.is_whitespace() || sign == ',')
        .filter(|word| !word.is_empty())
        .collect();
    let numeric = words.iter().find_map(|word| {
        let day = word.split('T').next().unwrap_or(word);
        NaiveDate::parse_from_str(day, "%Y-%m-%d")
            .or_else(|_| NaiveDate::parse_from_str(day, "%d/%m/%Y"))
            .ok()
    });
    numeric.or_else(|| words.windows(3).find_map(in_words))
}

fn iso(text: &str) -> Option<NaiveDateTime> {
    [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ]
    .into_iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// `1er`, `janvier`, `2026`.
fn in_words(words: &[&str]) -> Option<NaiveDate> {
    let [day, month, year] = words else {
        return None;
    };
    let day = day.trim_end_matches("er").parse().ok()?;
    let month = without_accents(month);
    let (_, month) = MONTHS
        .into_iter()
        .find(|(start, _)| month.starts_with(start))?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day)
}

fn without_accents(word: &str) -> String {
    word.to_lowercase()
        .replace(['é', 'è'], "e")
        .replace('û', "u")
}

/// `21:05`, `21h05` or `21 h`, wherever it is in the text.
fn time(text: &str) -> Option<NaiveTime> {
    let text = text.replace(" h", "h").replace("h ", "h");

    text.split_whitespace().find_map(|word| {
        let (hour, minute) = word.split_once([':', 'h'])?;
        let minute = minute.get(..2).unwrap_or(minute);

        NaiveTime::from_hms_opt(
            hour.parse().ok()?,
            if minute.is_empty() {
                0
            } else {
                minute.parse().ok()?
            },
            0,
        )
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Paris;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn instants_are_read_as_pages_write_them() {
        for (text, expected) in [
            ("2026-06-27T21:05:00+02:00", "2026-06-27T19:05:00Z"),
            ("2026-06-27T21:05", "2026-06-27T19:05:00Z"),
            ("2026-01-27 21:05", "2026-01-27T20:05:00Z"),
            ("samedi 27 juin 2026 21:05", "2026-06-27T19:05:00Z"),
            ("Le samedi 27 juin 2026 à 21h05", "2026-06-27T19:05:00Z"),
            ("27/06/2026 21 h", "2026-06-27T19:00:00Z"),
            ("1er août 2026", "2026-07-31T22:00:00Z"),
        ] {
            assert_eq!(
                instant(text, Paris),
                Some(expected.parse().unwrap()),
                "{text}"
            );
        }
    }

    #[test]
    fn the_doubled_hour_is_the_first_one_and_the_skipped_hour_is_none() {
        assert_eq!(
            instant("2025-10-26 02:30", Paris),
            Some("2025-10-26T00:30:00Z".parse().unwrap())
        );
        assert_eq!(instant("2026-03-29 02:30", Paris), None);
    }

    #[test]
    fn dates_are_read_in_words_and_in_figures() {
        for (text, expected) in [
            ("2026-12-25", Some("2026-12-25")),
            ("25/12/2026", Some("2026-12-25")),
            ("vendredi 25 décembre 2026", Some("2026-12-25")),
            ("1er févr. 2026", Some("2026-02-01")),
            ("30 février 2026", None),
            ("bientôt", None),
        ] {
            assert_eq!(
                date(text),
                expected.map(|date| date.parse().unwrap()),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_readers_panic(text in "[0-9a-zé:h/ T.,-]{0,40}|\\PC{0,40}") {
            let _ = (instant(&text, Paris), date(&text));
        }
    }
}
