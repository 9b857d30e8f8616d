//! The fast path: trips in which no rule finds a fault are counted without being read whole.
//!
//! It runs the functions of the rules themselves, on the columns that they look at. A trip is clean
//! when none finds anything in it and no other trip has its copy key; all others are suspect, and
//! read whole by the [pipeline](crate::pipeline). A trip may be suspect for nothing (two hashes
//! that meet by chance), which costs time and changes no result.

use std::borrow::Cow;
use std::hash::BuildHasher;

use polars::prelude::{PlFixedStateQuality, PlHashMap, PolarsResult};

use crate::dedup_buffer::{DedupBuffer, PendingTrip};
use crate::hourly_counts::HourlyCounter;
use crate::identity::StationResolver;
use crate::instant::HOUR;
use crate::rules::TRIP_RULES;
use crate::trip::{Degrees, Trip, TripColumns};
use crate::trips::{PieceRead, Position};

/// Verdicts that are kept, each reached once.
#[derive(Default)]
pub(crate) struct FastPath {
    /// By the number of the station: most trips call their station as the one before did.
    last_starts: Vec<Option<LastStart>>,
    names: Names,
    hash: PlFixedStateQuality,
}

/// The name and the position of a clean start, and the number of this descriptor.
struct LastStart {
    name: Option<String>,
    position: [Option<Degrees>; 2],
    descriptor: u32,
}

/// Names, each with the verdict of the rules that repair names.
#[derive(Default)]
struct Names(PlHashMap<String, bool>);

impl FastPath {
    /// Puts the trips of a piece in the buffer, clean or suspect.
    pub(crate) fn read(
        &mut self,
        piece: &PieceRead,
        stations: &mut StationResolver,
        counter: &mut HourlyCounter,
        buffer: &mut DedupBuffer,
    ) -> PolarsResult<()> {
        let columns = TripColumns::of(&piece.frame)?;

        for (row, (trip, is_alias)) in (piece.first.row..).zip(columns.trips(stations)) {
            let position = Position { row, ..piece.first };
            let key = self.hash.hash_one(trip.copy_key());

            match self.clean_start(&trip, counter) {
                Some(CleanStart {
                    start,
                    descriptor,
                    lasted_hours,
                }) => buffer.hold(PendingTrip {
                    key,
                    start,
                    position,
                    descriptor,
                    lasted_hours,
                    is_alias,
                }),
                None => buffer.suspect(key, trip.start, position),
            }
        }

        Ok(())
    }

    /// The facts to count of a trip in which no rule finds a fault; none when one does.
    fn clean_start(&mut self, trip: &Trip, counter: &mut HourlyCounter) -> Option<CleanStart> {
        // The rules first: the rest relies on a start in range and on a known station.
        if TRIP_RULES.iter().any(|rule| rule.fault(trip).is_some()) {
            return None;
        }

        // A file may give another hour than that of the start: it is believed, trip by trip.
        let start = trip.start?;
        let hour = start.div_euclid(HOUR);
        if trip.hour != Some(hour * HOUR) {
            return None;
        }

        // One byte a trip in the buffer: a longer one is suspect, and read whole.
        let lasted_hours = match trip.end {
            Some(end) => Some(u8::try_from(end.div_euclid(HOUR) - hour).ok()?),
            None => None,
        };

        Some(CleanStart {
            start,
            descriptor: self.descriptor(trip, counter)?,
            lasted_hours,
        })
    }

    /// The number of the start descriptor of a trip; none when its name is to be repaired.
    fn descriptor(&mut self, trip: &Trip, counter: &mut HourlyCounter) -> Option<u32> {
        let station = trip.start_station.number? as usize;
        if station >= self.last_starts.len() {
            self.last_starts.resize_with(station + 1, || None);
        }

        let last = &mut self.last_starts[station];
        if let Some(last) = last.as_ref().filter(|last| last.describes(trip)) {
            return Some(last.descriptor);
        }

        if self.names.are_repaired(trip.start_name.as_deref()) {
            return None;
        }

        let descriptor = counter.descriptor(station as u32, trip);
        *last = Some(LastStart::of(trip, descriptor));
        Some(descriptor)
    }
}

/// The facts to count of a clean trip.
struct CleanStart {
    start: i64,
    descriptor: u32,
    /// Hours from that of the start to that of the end, when the end is known.
    lasted_hours: Option<u8>,
}

impl LastStart {
    fn of(trip: &Trip, descriptor: u32) -> Self {
        Self {
            name: trip.start_name.clone().map(Cow::into_owned),
            position: [trip.start_latitude, trip.start_longitude],
            descriptor,
        }
    }

    fn describes(&self, trip: &Trip) -> bool {
        self.position == [trip.start_latitude, trip.start_longitude]
            && self.name.as_deref() == trip.start_name.as_deref()
    }
}

impl Names {
    fn are_repaired(&mut self, name: Option<&str>) -> bool {
        let Some(name) = name else { return false };
        let judge = || TRIP_RULES.iter().any(|rule| rule.meant(name).is_some());
        *self.0.entry_ref(name).or_insert_with(judge)
    }
}
