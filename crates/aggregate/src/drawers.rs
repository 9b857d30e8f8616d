//! Trips that wait, in a drawer a day, until every trip that could be a copy of theirs is read.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

use crate::trips::{HOUR, Position};

/// Microseconds of the day of a drawer, UTC.
pub(crate) const DAY: i64 = 24 * HOUR;

/// What is kept of a trip that no rule can find by itself, until it is sure that it has no copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// Copies have the same key. Trips of the same key may yet be no copies: the rules will tell.
    pub(crate) key: u64,
    /// Microseconds.
    pub(crate) start: i64,
    pub(crate) position: Position,
    /// Its place in the tallies.
    pub(crate) place: u32,
    /// Hours from that of the start to that of the end, when the end is known.
    pub(crate) lasted_hours: Option<u8>,
    /// Whether its station bore another of its identifiers.
    pub(crate) is_alias: bool,
}

/// The trips of one day.
#[derive(Debug, Default)]
pub(crate) struct Drawer {
    waiting: Vec<Waiting>,
    /// Trips that a rule may find, with their keys.
    doubtful: Vec<(u64, Position)>,
}

/// The open drawers.
#[derive(Debug, Default)]
pub(crate) struct Drawers {
    days: HashMap<i64, Drawer, Numbers>,
    /// Trips without a start.
    undated: Vec<Position>,
}

impl Drawers {
    pub(crate) fn wait(&mut self, trip: Waiting) {
        self.days
            .entry(trip.start.div_euclid(DAY))
            .or_default()
            .waiting
            .push(trip);
    }

    pub(crate) fn doubt(&mut self, key: u64, start: Option<i64>, position: Position) {
        match start {
            Some(start) => self
                .days
                .entry(start.div_euclid(DAY))
                .or_default()
                .doubtful
                .push((key, position)),
            None => self.undated.push(position),
        }
    }

    /// Takes out the drawers of the days that are over when the next trip starts, in order: all
    /// without a next one.
    pub(crate) fn close(&mut self, next_start: Option<i64>) -> Vec<Drawer> {
        let is_over = |day: i64| next_start.is_none_or(|start| day < start.div_euclid(DAY));
        let mut over: Vec<i64> = self
            .days
            .keys()
            .copied()
            .filter(|&day| is_over(day))
            .collect();
        over.sort_unstable();
        over.iter()
            .filter_map(|day| self.days.remove(day))
            .collect()
    }

    /// The trips without a start, which may all be copies of each other.
    pub(crate) fn undated(&mut self) -> Vec<Position> {
        std::mem::take(&mut self.undated)
    }
}

impl Drawer {
    /// The trips that no rule can find, and the others.
    pub(crate) fn sort(self) -> (Vec<Waiting>, Vec<Position>) {
        let Self {
            waiting: mut clear,
            doubtful,
        } = self;
        let mut alike = alike(&clear, &doubtful);
        alike.sort_unstable();
        alike.dedup();

        let mut doubtful: Vec<Position> =
            doubtful.into_iter().map(|(_, position)| position).collect();

        // From the last, so that the places before stay those that were noted.
        doubtful.extend(
            alike
                .into_iter()
                .rev()
                .map(|place| clear.swap_remove(place).position),
        );

        (clear, doubtful)
    }
}

/// The places of the trips whose key another has too.
fn alike(waiting: &[Waiting], doubtful: &[(u64, Position)]) -> Vec<usize> {
    let mut first: HashMap<u64, Option<usize>, Numbers> =
        doubtful.iter().map(|&(key, _)| (key, None)).collect();
    first.reserve(waiting.len());
    let mut alike = Vec::new();
    for (place, trip) in waiting.iter().enumerate() {
        match first.entry(trip.key) {
            Entry::Vacant(entry) => _ = entry.insert(Some(place)),
            Entry::Occupied(entry) => alike.extend(entry.get().iter().copied().chain([place])),
        }
    }
    alike
}

/// For maps of numbers: keys are spread already, and days are few.
type Numbers = BuildHasherDefault<NumberHasher>;

#[derive(Debug, Default)]
struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        // The map looks at the lowest and at the highest bits.
        self.0 = (self.0 ^ number)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(32);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(number.cast_unsigned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trip(key: u64, day: i64, row: u32) -> Waiting {
        let position = Position { piece: 0, row };
        Waiting {
            key,
            start: day * DAY,
            position,
            place: 0,
            lasted_hours: None,
            is_alias: false,
        }
    }

    fn rows(drawer: Drawer) -> (Vec<u32>, Vec<u32>) {
        let (clear, doubtful) = drawer.sort();
        let sorted = |mut rows: Vec<u32>| {
            rows.sort_unstable();
            rows
        };
        let clear = clear.iter().map(|trip| trip.position.row).collect();
        (
            sorted(clear),
            sorted(doubtful.iter().map(|position| position.row).collect()),
        )
    }

    #[test]
    fn a_trip_whose_key_another_has_is_doubtful_and_so_is_the_first_of_them() {
        let mut drawers = Drawers::default();
        for (row, key) in (0..).zip([1, 2, 1, 3, 4, 1]) {
            drawers.wait(trip(key, 0, row));
        }
        drawers.doubt(4, Some(0), Position { piece: 0, row: 6 });
        assert_eq!(
            rows(drawers.close(None).remove(0)),
            (vec![1, 3], vec![0, 2, 4, 5, 6])
        );
    }

    #[test]
    fn a_drawer_is_closed_once_its_day_is_over_and_trips_without_a_start_at_the_end() {
        let mut drawers = Drawers::default();
        drawers.wait(trip(1, 1, 0));
        drawers.wait(trip(1, -1, 1));
        drawers.doubt(1, None, Position { piece: 0, row: 2 });

        assert_eq!(drawers.close(Some(-DAY)).len(), 0);
        assert_eq!(
            drawers
                .close(Some(2 * DAY - 1))
                .into_iter()
                .map(rows)
                .collect::<Vec<_>>(),
            [(vec![1], vec![])]
        );

        assert_eq!(
            drawers
                .close(None)
                .into_iter()
                .map(rows)
                .collect::<Vec<_>>(),
            [(vec![0], vec![])]
        );

        assert_eq!(drawers.undated(), [Position { piece: 0, row: 2 }]);
    }
}
