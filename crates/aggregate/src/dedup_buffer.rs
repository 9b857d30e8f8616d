//! The deduplication buffer: trips are held until every trip that could be a copy of theirs is
//! read, that is until their day is over.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

use crate::instant::DAY;
use crate::trips::Position;

/// A trip in which no rule finds a fault, until it is sure that it has no copy. 32 bytes: a history
/// that is not in the order of time is held whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PendingTrip {
    /// Hash of the copy key. Trips of the same hash may yet be no copies: the rules will tell.
    pub(crate) key: u64,
    /// Microseconds.
    pub(crate) start: i64,
    pub(crate) position: Position,
    /// The number of its start descriptor.
    pub(crate) descriptor: u32,
    /// Hours from that of the start to that of the end, when the end is known.
    pub(crate) lasted_hours: Option<u8>,
    /// Its station bore another of its identifiers.
    pub(crate) is_alias: bool,
}

/// The trips of one day.
#[derive(Debug, Default)]
pub(crate) struct BufferedDay {
    pending: Vec<PendingTrip>,
    /// Trips in which a rule finds a fault, with the hashes of their keys.
    suspect: Vec<(u64, Position)>,
}

/// The days that are not over.
#[derive(Debug, Default)]
pub(crate) struct DedupBuffer {
    days: HashMap<i64, BufferedDay, Numbers>,
    /// Trips without a start.
    undated: Vec<Position>,
}

impl DedupBuffer {
    pub(crate) fn hold(&mut self, trip: PendingTrip) {
        self.day_of(trip.start).pending.push(trip);
    }

    pub(crate) fn suspect(&mut self, key: u64, start: Option<i64>, position: Position) {
        match start {
            Some(start) => self.day_of(start).suspect.push((key, position)),
            None => self.undated.push(position),
        }
    }

    /// Takes out the days that are over when the next trip starts, in order: all of them without a
    /// next one.
    pub(crate) fn take_days_before(&mut self, next_start: Option<i64>) -> Vec<BufferedDay> {
        let is_over = |day: &i64| next_start.is_none_or(|start| *day < start.div_euclid(DAY));
        let mut over: Vec<i64> = self.days.keys().copied().filter(is_over).collect();
        over.sort_unstable();

        over.iter()
            .filter_map(|day| self.days.remove(day))
            .collect()
    }

    /// The trips without a start, which may all be copies of each other.
    pub(crate) fn take_undated(&mut self) -> Vec<Position> {
        std::mem::take(&mut self.undated)
    }

    fn day_of(&mut self, start: i64) -> &mut BufferedDay {
        self.days.entry(start.div_euclid(DAY)).or_default()
    }
}

impl BufferedDay {
    /// The clean trips, and the suspect ones: those at fault and those whose key another has.
    pub(crate) fn split(self) -> (Vec<PendingTrip>, Vec<Position>) {
        let Self {
            pending: mut clean,
            suspect,
        } = self;
        let mut alike = alike(&clean, &suspect);
        alike.sort_unstable();
        alike.dedup();

        let mut suspect: Vec<Position> =
            suspect.into_iter().map(|(_, position)| position).collect();

        // From the last, so that the indices before stay those that were noted.
        let copies = alike.into_iter().rev();
        suspect.extend(copies.map(|index| clean.swap_remove(index).position));

        (clean, suspect)
    }
}

/// The indices of the pending trips whose key another trip has too.
fn alike(pending: &[PendingTrip], suspect: &[(u64, Position)]) -> Vec<usize> {
    let mut first: HashMap<u64, Option<usize>, Numbers> =
        suspect.iter().map(|&(key, _)| (key, None)).collect();
    // At once: growing the map again and again would cost as much as filling it.
    first.reserve(pending.len());
    let mut alike = Vec::new();

    for (index, trip) in pending.iter().enumerate() {
        match first.entry(trip.key) {
            Entry::Vacant(entry) => _ = entry.insert(Some(index)),
            Entry::Occupied(entry) => alike.extend(entry.get().iter().copied().chain([index])),
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
mod tests;
