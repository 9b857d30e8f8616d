use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};

use super::{DefectKind, DefectRates};
use crate::day::{Trip, opening};
use crate::geography::STATIONS;
use crate::seed::{Seed, Stream};

/// A defect of a trip's row, with the randomness it needs: 64 bits of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TripDefect {
    pub(crate) kind: DefectKind,
    pub(crate) bits: u64,
}

/// Kinds that strike by chance, all as often.
const KINDS: [DefectKind; 7] = [
    DefectKind::DuplicateTrip,
    DefectKind::NegativeDuration,
    DefectKind::ExcessiveDuration,
    DefectKind::UnknownStation,
    DefectKind::MissingStation,
    DefectKind::UnreadableInstant,
    DefectKind::WrongEncoding,
];

/// The defect of `trip`: one at most, a function of the seed and the trip alone, so that a file
/// written again later keeps its defects.
pub(crate) fn trip_defect(
    seed: Seed,
    rates: DefectRates,
    ride: u64,
    trip: &Trip,
) -> Option<TripDefect> {
    let index = ride.cast_signed();
    let bits = seed.bits(Stream::TripDefectKind, index);

    if rates.trips > 0.0 && ends_in_the_hour_lived_twice(trip) {
        return Some(TripDefect {
            kind: DefectKind::ClockChange,
            bits,
        });
    }

    if seed.unit(Stream::TripDefect, index) >= rates.trips {
        return None;
    }

    let kind = KINDS[(bits % KINDS.len() as u64) as usize];

    is_possible(kind, trip).then_some(TripDefect {
        kind,
        // The rest of the bits is independent of the kind.
        bits: bits / KINDS.len() as u64,
    })
}

/// True when the kind would show on this trip, and on nothing else.
fn is_possible(kind: DefectKind, trip: &Trip) -> bool {
    match kind {
        // An ASCII name reads the same in both encodings.
        DefectKind::WrongEncoding => !STATIONS[trip.origin].name.is_ascii(),
        // The row must stay in the file of its month.
        DefectKind::NegativeDuration => month_of(trip.started_at) == month_of(trip.ended_at),
        _ => true,
    }
}

/// True when the trip ends between 01:00 and 02:00 UTC on the last Sunday of October, when local
/// clocks show the hour from 02:00 to 03:00 for the second time. It is the last hour of the
/// operating day.
fn ends_in_the_hour_lived_twice(trip: &Trip) -> bool {
    let Some(ended_at) = DateTime::from_timestamp_millis(trip.ended_at) else {
        return false;
    };
    let date = ended_at.date_naive();
    let hour = opening(date) - TimeDelta::hours(1)..opening(date);
    is_last_sunday_of_october(date) && hour.contains(&ended_at)
}

fn is_last_sunday_of_october(date: NaiveDate) -> bool {
    date.month() == 10 && date.day() > 24 && date.weekday() == chrono::Weekday::Sun
}

fn month_of(milliseconds: i64) -> Option<u32> {
    Some(DateTime::from_timestamp_millis(milliseconds)?.month())
}
