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
    // `1er janvier`: the only ordinal of French dates.
    let day = day.trim_end_matches("er").parse().ok()?;
    let month = without_accents(month);
    let (_, month) = MONTHS
        .into_iter()
        // Pages abbreviate as they like: `sept.`, `septembre`.
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
    // `21 h 05` in books, `21h05` on pages.
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
mod tests;
