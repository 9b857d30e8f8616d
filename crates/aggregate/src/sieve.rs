//! Lets through, at the speed of plain loops, the trips that no rule can find; the others go to the
//! rules.
//!
//! The sieve never judges. It may hold back a good trip, which then costs more; it never lets
//! through one that a rule would find. A trip passes when nothing is wrong with it alone and no
//! other has its key: a hash of what copies have in common, so two trips whose hashes meet by
//! chance are both held back, and the rules see that they differ.

use std::hash::BuildHasher;

use polars::prelude::{PlFixedStateQuality, PlHashMap, PolarsResult};

use crate::drawers::{Drawers, Waiting};
use crate::identity::Aliases;
use crate::rules::{EARLIEST_START, Known, LATEST_START, LONGEST_SECONDS};
use crate::tally::Tallies;
use crate::text;
use crate::trip::{Columns, Trip};
use crate::trips::{HOUR, PieceRead, Position, SECOND};

/// What was learnt so far of stations and names, each looked at once.
pub(crate) struct Sieve<'a> {
    origins: Origins<'a>,
    names: Names,
    hash: PlFixedStateQuality,
}

/// The stations, by the identifiers that trips bear; an identifier that is no known station's leads
/// to none.
struct Origins<'a> {
    known: &'a Known,
    aliases: &'a Aliases,
    found: PlHashMap<String, Option<Origin>>,
}

struct Origin {
    station: u32,
    /// Whether the identifier is another one of the station.
    is_alias: bool,
    /// What the last trip called it, and that place: most trips call their station the same.
    last: Option<(Call, u32)>,
}

/// The name and the position of a start; degrees by their bits.
struct Call {
    name: Option<String>,
    latitude: Option<u64>,
    longitude: Option<u64>,
}

/// Whether each name is one that a rule repairs.
#[derive(Default)]
struct Names(PlHashMap<String, bool>);

impl<'a> Sieve<'a> {
    pub(crate) fn new(known: &'a Known, aliases: &'a Aliases) -> Self {
        let origins = Origins {
            known,
            aliases,
            found: PlHashMap::default(),
        };
        Self {
            origins,
            names: Names::default(),
            hash: PlFixedStateQuality::default(),
        }
    }

    /// Puts the trips of a piece in the drawers.
    pub(crate) fn pass(
        &mut self,
        piece: &PieceRead,
        tallies: &mut Tallies,
        drawers: &mut Drawers,
    ) -> PolarsResult<()> {
        let columns = Columns::of(&piece.frame)?;
        for (row, trip) in (piece.first.row..).zip(columns.trips()) {
            let position = Position { row, ..piece.first };
            let mut origin = trip.station.and_then(|id| self.origins.find(id, tallies));
            let key = self.hash.hash_one((
                trip.id,
                trip.start,
                origin.as_ref().map(|origin| origin.station),
            ));

            let place = origin
                .as_mut()
                .and_then(|origin| origin.place(&trip, &mut self.names, tallies));
            match (sound_start(&trip), origin, place) {
                (Some(start), Some(Origin { is_alias, .. }), Some(place)) => {
                    let lasted_hours = trip
                        .end
                        .map(|end| (end.div_euclid(HOUR) - start.div_euclid(HOUR)) as u8);

                    drawers.wait(Waiting {
                        key,
                        start,
                        position,
                        place,
                        lasted_hours,
                        is_alias: *is_alias,
                    });
                }

                _ => drawers.doubt(key, trip.start, position),
            }
        }

        Ok(())
    }
}

/// The start of a trip whose instants no rule can find.
fn sound_start(trip: &Trip) -> Option<i64> {
    let start = trip
        .start
        .filter(|start| (EARLIEST_START..LATEST_START).contains(start))?;
    let is_of_its_hour = trip.hour == Some(start.div_euclid(HOUR) * HOUR);
    let has_fair_length = match (trip.end, trip.seconds) {
        (Some(end), _) => (0..=LONGEST_SECONDS * SECOND).contains(&end.wrapping_sub(start)),
        (None, Some(seconds)) => (0..=LONGEST_SECONDS).contains(&seconds),
        (None, None) => true,
    };
    (is_of_its_hour && has_fair_length).then_some(start)
}

impl Origins<'_> {
    fn find(&mut self, id: &str, tallies: &mut Tallies) -> Option<&mut Origin> {
        let Self {
            known,
            aliases,
            found,
        } = self;

        let origin = found.entry_ref(id).or_insert_with(|| {
            let station = aliases.station(id);
            let is_alias = station.is_some();
            let station = station.unwrap_or(id);
            known.accepts(station).then(|| Origin {
                station: tallies.station(station),
                is_alias,
                last: None,
            })
        });

        origin.as_mut()
    }
}

impl Origin {
    /// The place of a trip that starts here; none when its name is to be repaired.
    fn place(&mut self, trip: &Trip, names: &mut Names, tallies: &mut Tallies) -> Option<u32> {
        match &self.last {
            Some((call, place)) if call.is_of(trip) => Some(*place),
            _ if trip.name.is_some_and(|name| names.is_misread(name)) => None,
            _ => {
                let place = tallies.place(self.station, trip);
                self.last = Some((Call::of(trip), place));
                Some(place)
            }
        }
    }
}

impl Call {
    fn of(trip: &Trip) -> Self {
        let [latitude, longitude] =
            [trip.latitude, trip.longitude].map(|degrees| degrees.map(f64::to_bits));
        Self {
            name: trip.name.map(str::to_owned),
            latitude,
            longitude,
        }
    }

    fn is_of(&self, trip: &Trip) -> bool {
        (self.latitude, self.longitude)
            == (
                trip.latitude.map(f64::to_bits),
                trip.longitude.map(f64::to_bits),
            )
            && self.name.as_deref() == trip.name
    }
}

impl Names {
    fn is_misread(&mut self, name: &str) -> bool {
        *self
            .0
            .entry_ref(name)
            .or_insert_with(|| text::repaired_encoding(name).is_some())
    }
}
