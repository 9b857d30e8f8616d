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
