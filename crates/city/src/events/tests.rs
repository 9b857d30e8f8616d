use std::collections::BTreeSet;

use chrono::{Datelike, Weekday};

use super::*;
use crate::calendar::date;
use crate::day::opening;

fn year() -> Vec<Event> {
    date(2026, 1, 1)
        .iter_days()
        .take(365)
        .flat_map(|date| events_on(Seed(1), date))
        .collect()
}

#[test]
fn a_week_has_some_events_and_every_place_is_used() {
    let events = year();
    assert!((300..800).contains(&events.len()), "{}", events.len());
    assert_eq!(
        events
            .iter()
            .map(|event| &event.place)
            .collect::<BTreeSet<_>>()
            .len(),
        VENUES.len()
    );
}

#[test]
fn identifiers_are_unique_and_places_name_their_district() {
    let events = year();

    assert_eq!(
        events
            .iter()
            .map(|event| &event.event_id)
            .collect::<BTreeSet<_>>()
            .len(),
        events.len()
    );

    assert!(
        events
            .iter()
            .all(|event| event.place.ends_with(&format!(", {}", event.district())))
    );
}

#[test]
fn an_event_is_over_before_the_operating_day_of_its_beginning() {
    for event in year() {
        let date = event.starts_at.with_timezone(&PARIS).date_naive();
        assert!(
            event.starts_at < event.ends_at && event.ends_at <= opening(date + TimeDelta::days(1)),
            "{event:?}"
        );
    }
}

#[test]
fn an_event_covers_the_hours_it_touches() {
    let mut event = events_on(Seed(1), date(2026, 3, 7)).remove(0);
    event.starts_at = "2026-03-07T19:30:00Z".parse().unwrap();
    event.ends_at = "2026-03-07T22:00:00Z".parse().unwrap();
    for (hour, expected) in [(18, false), (19, true), (20, true), (21, true), (22, false)] {
        let hour = format!("2026-03-07T{hour}:00:00Z").parse().unwrap();
        assert_eq!(event.is_on_during(hour), expected, "{hour}");
    }
}

#[test]
fn the_market_is_held_on_wednesdays_and_saturdays_at_eight_local_time() {
    let markets: Vec<Event> = year()
        .into_iter()
        .filter(|event| event.title == "Grand marché")
        .collect();
    assert!(markets.len() > 90);
    for market in markets {
        let local = market.starts_at.with_timezone(&PARIS);
        assert!(matches!(local.weekday(), Weekday::Wed | Weekday::Sat));
        assert_eq!(local.format("%H:%M").to_string(), "08:00");
    }
}

#[test]
fn a_crowd_multiplies_departures_by_two_to_four() {
    assert!(
        year()
            .iter()
            .all(|event| (2.0..4.0).contains(&event.pull()))
    );
}
