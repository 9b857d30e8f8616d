use chrono::{NaiveDate, TimeDelta};

use super::bikes::{FLEET, at_opening};
use super::*;
use crate::calendar::date;
use crate::flows::Flows;
use crate::geography::STATIONS;
use crate::incidents::World;
use crate::seed::Seed;

fn simulate(seed: u64, date: NaiveDate) -> Day {
    Day::simulate(
        &World {
            seed: Seed(seed),
            incidents: Vec::new(),
        },
        &Flows::new(),
        date,
    )
}

#[test]
fn the_same_seed_and_date_give_the_same_day() {
    let monday = date(2026, 3, 2);
    assert_eq!(simulate(1, monday), simulate(1, monday));
    assert_ne!(simulate(1, monday).trips, simulate(2, monday).trips);
    assert_ne!(
        simulate(1, monday).trips,
        simulate(1, date(2026, 3, 3)).trips
    );
}

#[test]
fn trucks_place_the_whole_fleet_and_no_station_overflows() {
    for is_working in [true, false] {
        let bikes = at_opening(is_working);

        assert_eq!(
            bikes
                .iter()
                .map(|bikes| u32::from(bikes.total()))
                .sum::<u32>(),
            FLEET
        );

        assert!(
            bikes
                .iter()
                .zip(&STATIONS)
                .all(|(bikes, site)| bikes.total() > 0 && bikes.total() <= site.capacity)
        );
    }
}

/// Bikes at every station just after each change of the day.
fn states(day: &Day) -> impl Iterator<Item = (usize, Bikes)> {
    let starts = day
        .trips
        .iter()
        .map(|trip| (trip.started_at, 1, trip.origin, trip.vehicle));
    let ends = day
        .trips
        .iter()
        .map(|trip| (trip.ended_at, 0, trip.destination, trip.vehicle));

    let mut changes: Vec<_> = starts.chain(ends).collect();
    changes.sort_by_key(|(at, order, station, _)| (*at, *order, *station));
    let mut bikes = day.at_opening.clone();

    changes
        .into_iter()
        .map(move |(_, is_departure, station, vehicle)| {
            if is_departure == 1 {
                bikes[station].remove(vehicle)
            } else {
                bikes[station].add(vehicle)
            }
            (station, bikes[station])
        })
}

#[test]
fn no_station_lends_a_bike_it_has_not_or_takes_one_it_has_no_dock_for() {
    for date in [
        date(2026, 1, 14),
        date(2026, 5, 20),
        date(2026, 7, 18),
        date(2026, 10, 24),
    ] {
        // A bike that is not there would make the count of its kind negative, which panics.
        for (station, bikes) in states(&simulate(1, date)) {
            assert!(
                bikes.total() <= STATIONS[station].capacity,
                "{} on {date}",
                STATIONS[station].name
            );
        }
    }
}

#[test]
fn stations_run_empty_and_full_and_few_riders_walk() {
    let day = simulate(1, date(2026, 6, 11));
    let (mut empty, mut full) = (0, 0);

    for (station, bikes) in states(&day) {
        empty += usize::from(bikes.total() == 0);
        full += usize::from(bikes.total() == STATIONS[station].capacity);
    }

    assert!(
        empty > 0 && full > 0,
        "{empty} times empty, {full} times full"
    );
    assert!(
        day.turned_away > 0 && day.turned_away * 5 < day.trips.len(),
        "{} walked",
        day.turned_away
    );
}

#[test]
fn bikes_are_conserved_at_any_instant() {
    let day = simulate(1, date(2026, 6, 11));
    let opens = opening(day.date).timestamp_millis();

    for minutes in (0..24 * 60).step_by(17) {
        let instant = opens + minutes * 60_000;
        let docked: u32 = day
            .bikes_at(instant)
            .iter()
            .map(|bikes| u32::from(bikes.total()))
            .sum();
        let riding = day
            .trips
            .iter()
            .filter(|trip| trip.started_at <= instant && trip.ended_at > instant)
            .count();

        assert_eq!(docked as usize + riding, FLEET as usize);
    }
}

#[test]
fn trips_last_less_than_an_hour_and_are_over_when_the_day_is() {
    for date in [date(2026, 3, 28), date(2026, 6, 20), date(2026, 10, 24)] {
        let day = simulate(1, date);
        let hours =
            opening(date).timestamp_millis()..opening(date + TimeDelta::days(1)).timestamp_millis();

        assert!(day.trips.is_sorted_by_key(|trip| trip.started_at));

        for trip in &day.trips {
            assert!(
                hours.contains(&trip.started_at) && hours.contains(&trip.ended_at),
                "{trip:?}"
            );
            assert!(
                (60_000..3_600_000).contains(&(trip.ended_at - trip.started_at)),
                "{trip:?}"
            );
        }
    }
}

#[test]
fn days_last_23_24_or_25_hours() {
    for (of, hours) in [
        (date(2026, 3, 27), 24),
        (date(2026, 3, 28), 23),
        (date(2026, 10, 24), 25),
    ] {
        assert_eq!(
            (opening(of + TimeDelta::days(1)) - opening(of)).num_hours(),
            hours,
            "{of}"
        );
    }
}

#[test]
fn the_operating_day_changes_at_three_local_time() {
    for (instant, expected) in [
        ("2026-03-02T01:59:59Z", date(2026, 3, 1)),
        ("2026-03-02T02:00:00Z", date(2026, 3, 2)),
        ("2026-07-02T00:59:59Z", date(2026, 7, 1)),
        ("2026-07-02T01:00:00Z", date(2026, 7, 2)),
        // The night when clocks go back: three o'clock comes once, after the hour lived twice.
        ("2026-10-25T01:30:00Z", date(2026, 10, 24)),
        ("2026-10-25T02:00:00Z", date(2026, 10, 25)),
        // The night when they go forward: three o'clock comes right after two.
        ("2026-03-29T00:59:59Z", date(2026, 3, 28)),
        ("2026-03-29T01:00:00Z", date(2026, 3, 29)),
    ] {
        assert_eq!(
            operating_date(instant.parse().unwrap()),
            expected,
            "{instant}"
        );
    }
}
