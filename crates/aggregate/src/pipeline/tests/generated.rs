//! Trips drawn at random, with every fault that a rule finds.

use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use proptest::prelude::*;

use crate::instant::{HOUR, SECOND, instant_type};

/// A trip, in the columns that operators publish.
#[derive(Debug, Clone)]
pub(super) struct GeneratedTrip {
    id: Option<&'static str>,
    /// Microseconds.
    start: Option<i64>,
    end: Option<i64>,
    seconds: Option<i64>,
    from: GeneratedStation,
    to: GeneratedStation,
    rider_type: Option<&'static str>,
}

#[derive(Debug, Clone)]
struct GeneratedStation {
    id: Option<&'static str>,
    name: Option<&'static str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

pub(super) fn any_trip() -> impl Strategy<Value = GeneratedTrip> {
    let trip = (
        any_of(&["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        any_start(),
        any_minutes(),
        any_seconds(),
        any_station(),
        any_station(),
        any_of(&["member", "casual"]),
    );

    trip.prop_map(|(id, start, minutes, seconds, from, to, rider_type)| {
        let end = minutes.map(|minutes| start.unwrap_or(30_000_000 * MINUTE) + minutes * MINUTE);

        GeneratedTrip {
            id,
            start,
            end,
            seconds,
            from,
            to,
            rider_type,
        }
    })
}

const MINUTE: i64 = 60 * SECOND;

/// Two minutes before midnight to midnight, on days around the change of clocks; now and then 1970,
/// or no start at all.
fn any_start() -> impl Strategy<Value = Option<i64>> {
    let day = prop_oneof![8 => 20_386..20_389_i64, 1 => Just(0)];
    let start = (day, 0..3_i64).prop_map(|(day, minute)| (day * 1440 + 1438 + minute) * MINUTE);
    proptest::option::weighted(0.9, start)
}

fn any_minutes() -> impl Strategy<Value = Option<i64>> {
    let minutes = prop_oneof![8 => 0..2_i64, 1 => -2..0_i64, 1 => 1439..1442_i64];
    proptest::option::weighted(0.9, minutes)
}

fn any_seconds() -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(prop_oneof![8 => 0..2_i64, 1 => -2..0_i64, 1 => 86_399..86_402_i64])
}

fn any_station() -> impl Strategy<Value = GeneratedStation> {
    let station = (
        any_of(&["A", "A", "A", "B", "code-of-A", "unknown"]),
        any_of(&["Gare", "Gare", "Gare", "Parc", "RÃ©publique", "République"]),
        prop_oneof![Just(Some(45.6)), Just(Some(45.7)), Just(None)],
        prop_oneof![Just(Some(4.8)), Just(Some(4.9))],
    );

    station.prop_map(|(id, name, latitude, longitude)| GeneratedStation {
        id,
        name,
        latitude,
        longitude,
    })
}

/// One of these texts, or none.
fn any_of(texts: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::weighted(0.85, proptest::sample::select(texts))
}

/// The frame of these trips, each with its line.
pub(super) fn frame_of(trips: &[(GeneratedTrip, u32)]) -> DataFrame {
    let texts = |name: &str, text: fn(&GeneratedTrip) -> Option<&'static str>| {
        let texts: Vec<_> = trips.iter().map(|(trip, _)| text(trip)).collect();
        Column::new(name.into(), texts)
    };
    let degrees = |name: &str, degrees: fn(&GeneratedTrip) -> Option<f64>| {
        let degrees: Vec<_> = trips.iter().map(|(trip, _)| degrees(trip)).collect();
        Column::new(name.into(), degrees)
    };
    let numbers = |name: &str, number: fn(&GeneratedTrip) -> Option<i64>| {
        let numbers: Vec<_> = trips.iter().map(|(trip, _)| number(trip)).collect();
        Series::new(name.into(), numbers)
    };
    let instants = |name: &str, instant: fn(&GeneratedTrip) -> Option<i64>| {
        Column::from(numbers(name, instant).cast(&instant_type()).unwrap())
    };
    let hour = |trip: &GeneratedTrip| Some(trip.start?.div_euclid(HOUR) * HOUR);
    let lines: Vec<u32> = trips.iter().map(|&(_, line)| line).collect();

    let columns = vec![
        texts("trip_id", |trip| trip.id),
        instants("started_at", |trip| trip.start),
        instants("ended_at", |trip| trip.end),
        instants("started_hour", hour),
        numbers("duration_seconds", |trip| trip.seconds).into(),
        texts("start_station_id", |trip| trip.from.id),
        texts("start_station_name", |trip| trip.from.name),
        degrees("start_latitude", |trip| trip.from.latitude),
        degrees("start_longitude", |trip| trip.from.longitude),
        texts("end_station_id", |trip| trip.to.id),
        texts("end_station_name", |trip| trip.to.name),
        degrees("end_latitude", |trip| trip.to.latitude),
        degrees("end_longitude", |trip| trip.to.longitude),
        texts("rider_type", |trip| trip.rider_type),
        Column::new("source_file".into(), vec!["a.csv"; trips.len()]),
        Column::new("source_line".into(), lines),
    ];
    DataFrame::new(trips.len(), columns).unwrap()
}
