use std::collections::BTreeSet;
use std::fs;

use filrouge_prerequisites as prerequisites;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_public_holidays_of_2026_are_those_of_the_law() {
    let found: Vec<_> = public_holidays(2026)
        .iter()
        .map(|holiday| (holiday.date.to_string(), holiday.name))
        .collect();
    let expected = [
        ("2026-01-01", "1er janvier"),
        ("2026-04-06", "Lundi de Pâques"),
        ("2026-05-01", "1er mai"),
        ("2026-05-08", "8 mai"),
        ("2026-05-14", "Ascension"),
        ("2026-05-25", "Lundi de Pentecôte"),
        ("2026-07-14", "14 juillet"),
        ("2026-08-15", "Assomption"),
        ("2026-11-01", "Toussaint"),
        ("2026-11-11", "11 novembre"),
        ("2026-12-25", "Jour de Noël"),
    ];
    assert_eq!(found, expected.map(|(date, name)| (date.to_owned(), name)));
}

/// Some years of what the state publishes.
fn published(name: &str) -> String {
    let samples = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/samples/calendar-fr"
    );

    fs::read_to_string(format!("{samples}/{name}")).unwrap()
}

/// All of it, where it is at hand.
fn published_in_full(name: &str) -> Option<String> {
    let path = prerequisites::real_data(&format!("calendar-fr/{name}"))?;

    Some(fs::read_to_string(path).unwrap())
}

#[test]
fn public_holidays_are_those_that_the_state_publishes() {
    same_public_holidays(&published("jours_feries_metropole.csv"));
}

#[test]
fn public_holidays_are_those_of_all_the_years_published() {
    if let Some(text) = published_in_full("jours_feries_metropole.csv") {
        same_public_holidays(&text);
    }
}

fn same_public_holidays(text: &str) {
    let published: BTreeSet<NaiveDate> =
        text.lines().skip(1).map(|line| day(&line[..10])).collect();
    let years: BTreeSet<i32> = published.iter().map(Datelike::year).collect();
    let computed: BTreeSet<_> = years
        .into_iter()
        .flat_map(public_holidays)
        .map(|holiday| holiday.date)
        .collect();

    assert_eq!(computed, published);
}

#[test]
fn school_holidays_are_those_of_zone_a_from_2023_to_2026() {
    let text = published("vacances_scolaires.csv");
    let mut different = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let date = day(fields[0]);
        // The decree adds the Friday after Ascension, which most calendars leave out.
        if (fields[1] == "True") != is_school_holiday(date) && !fields[4].contains("Ascension") {
            different.push(line);
        }
    }
    assert!(different.len() <= 6, "{different:#?}");
}

#[test]
fn holidays_at_the_turn_of_the_year_belong_to_both_years() {
    for (date, expected) in [
        ("2025-12-19", false),
        ("2025-12-20", true),
        ("2026-01-04", true),
        ("2026-01-05", false),
        ("2026-07-10", true),
    ] {
        assert_eq!(is_school_holiday(day(date)), expected, "{date}");
    }
}

#[test]
fn nobody_works_on_week_ends_and_public_holidays() {
    for (date, expected) in [
        ("2026-03-06", true),
        ("2026-03-07", false),
        ("2026-05-14", false),
        ("2026-05-15", true),
    ] {
        assert_eq!(is_working_day(day(date)), expected, "{date}");
    }
}

proptest! {
    #[test]
    fn easter_is_a_sunday_from_22_march_to_25_april(year in 1583..4000) {
        let easter = easter_sunday(year);
        prop_assert_eq!(easter.weekday(), Weekday::Sun);
        prop_assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&easter));
    }

    #[test]
    fn school_holidays_begin_on_saturdays_in_order_and_leave_time_for_school(year in 2000..2100) {
        let holidays = school_holidays(year);
        for pair in holidays.windows(2) {
            prop_assert!(pair[1].starts_on - pair[0].ends_on > TimeDelta::weeks(4));
        }
        prop_assert!(holidays.iter().all(|holiday| holiday.starts_on.weekday() == Weekday::Sat));
        prop_assert!(holidays[4].ends_on < school_holidays(year + 1)[0].starts_on);
    }
}
