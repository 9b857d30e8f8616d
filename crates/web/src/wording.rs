//! Figures in French words, the way a sign or a clerk would say them.

use chrono::{DateTime, TimeDelta, Utc};

/// A space that neither breaks nor stretches, before a unit or inside a number.
const NARROW: char = '\u{202f}';

/// How long ago: `à l’instant`, `il y a 3 minutes`.
pub(crate) fn age(age: TimeDelta) -> String {
    let minutes = u64::try_from(age.num_minutes()).unwrap_or_default();
    match minutes {
        0 => "à l’instant".to_owned(),
        1..60 => format!("il y a {}", count(minutes, "minute")),
        60..1440 => format!("il y a {}", count(minutes / 60, "heure")),
        _ => format!("il y a {}", count(minutes / 1440, "jour")),
    }
}

/// A number and its noun, which takes an s from two on: French says « 0 vélo », « 1 vélo », « 2
/// vélos ».
pub(crate) fn count(number: impl Into<u64>, noun: &str) -> String {
    let number = number.into();
    let plural = if number < 2 { "" } else { "s" };
    format!("{}\u{a0}{noun}{plural}", thousands(number))
}

/// A whole number with a thin space between thousands.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(NARROW);
        }
        text.push(digit);
    }
    text
}

/// A number with one decimal: `7,4`.
pub(crate) fn decimal(number: f64) -> String {
    decimals(number, 1)
}

/// A number with as many decimals as asked.
pub(crate) fn decimals(number: f64, digits: usize) -> String {
    format!("{number:.digits$}").replace('.', ",")
}

/// A position as one reads it on a map: `45,6012° nord, 4,1034° est`.
pub(crate) fn position(latitude: f64, longitude: f64) -> String {
    let degrees = |value: f64, positive, negative| {
        let side = if value < 0.0 { negative } else { positive };
        format!("{:.4}°\u{a0}{side}", value.abs()).replace('.', ",")
    };
    format!(
        "{}, {}",
        degrees(latitude, "nord", "sud"),
        degrees(longitude, "est", "ouest")
    )
}

/// An instant for the `datetime` attribute of `<time>`.
pub(crate) fn machine_time(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_in_the_largest_unit_that_fits() {
        let cases = [
            (-30, "à l’instant"),
            (0, "à l’instant"),
            (59, "à l’instant"),
            (60, "il y a 1\u{a0}minute"),
            (59 * 60, "il y a 59\u{a0}minutes"),
            (3600, "il y a 1\u{a0}heure"),
            (86_399, "il y a 23\u{a0}heures"),
            (3 * 86_400, "il y a 3\u{a0}jours"),
        ];

        for (seconds, expected) in cases {
            assert_eq!(age(TimeDelta::seconds(seconds)), expected);
        }
    }

    #[test]
    fn nouns_take_an_s_from_two_on() {
        let cases = [
            (0_u64, "0\u{a0}vélo"),
            (1, "1\u{a0}vélo"),
            (2, "2\u{a0}vélos"),
            (1234, "1\u{202f}234\u{a0}vélos"),
        ];
        for (number, expected) in cases {
            assert_eq!(count(number, "vélo"), expected);
        }
        assert_eq!(thousands(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn positions_name_their_side() {
        assert_eq!(
            position(45.60124, 4.1),
            "45,6012°\u{a0}nord, 4,1000°\u{a0}est"
        );
        assert_eq!(
            position(-1.5, -0.25),
            "1,5000°\u{a0}sud, 0,2500°\u{a0}ouest"
        );
    }
}
