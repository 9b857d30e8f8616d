//! Names and positions under which trips start, and the description of a station that they make
//! together.

use std::collections::BTreeMap;

use polars::prelude::PlHashMap;

use crate::source::gbfs::Description;
use crate::trip::{Degrees, Trip};

/// Degrees are grouped by ten-thousandths, about ten metres: the same station's position drifts by
/// less.
const DEGREE_STEPS: f64 = 10_000.0;

/// A station, and a name and a position under which trips start there; degrees in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct StartDescriptor {
    station: u32,
    name: Option<u32>,
    latitude: Option<i64>,
    longitude: Option<i64>,
}

/// The descriptors met so far, by their numbers, with the trips that bear each.
#[derive(Debug, Default)]
pub(crate) struct DescriptorCounts {
    names: PlHashMap<String, u32>,
    numbers: PlHashMap<StartDescriptor, u32>,
    /// The trips of each descriptor, and the last of their starts, microseconds.
    counts: Vec<(StartDescriptor, i64, i64)>,
}

/// The descriptors of one station, and how often each was met.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct StationDescriptors {
    descriptors: Vec<DescriptorCount>,
}

#[derive(Debug, Clone, PartialEq)]
struct DescriptorCount {
    name: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    trips: i64,
    last_start: i64,
}

impl DescriptorCounts {
    /// The number of the descriptor of a trip that starts at this station.
    pub(crate) fn number(&mut self, station: u32, trip: &Trip) -> u32 {
        let descriptor = StartDescriptor {
            station,
            name: trip.start_name.as_deref().map(|name| self.name(name)),
            latitude: steps(trip.start_latitude),
            longitude: steps(trip.start_longitude),
        };

        let next = self.counts.len() as u32;
        let number = *self.numbers.entry(descriptor).or_insert(next);
        if number == next {
            self.counts.push((descriptor, 0, i64::MIN));
        }
        number
    }

    /// Counts a trip under a descriptor; gives the station of it.
    pub(crate) fn count(&mut self, descriptor: u32, start: i64) -> usize {
        let (descriptor, trips, last_start) = &mut self.counts[descriptor as usize];
        *trips += 1;
        *last_start = start.max(*last_start);
        descriptor.station as usize
    }

    /// The descriptors of each of the `stations`, by their numbers.
    pub(crate) fn by_station(self, stations: usize) -> Vec<StationDescriptors> {
        let mut names = vec![String::new(); self.names.len()];
        for (name, number) in self.names {
            names[number as usize] = name;
        }

        let mut descriptors = vec![StationDescriptors::default(); stations];
        for (descriptor, trips, last_start) in self.counts.into_iter().filter(|count| count.1 > 0) {
            let degrees = |steps: i64| steps as f64 / DEGREE_STEPS;
            let count = DescriptorCount {
                name: descriptor.name.map(|number| names[number as usize].clone()),
                latitude: descriptor.latitude.map(degrees),
                longitude: descriptor.longitude.map(degrees),
                trips,
                last_start,
            };
            descriptors[descriptor.station as usize]
                .descriptors
                .push(count);
        }
        descriptors
    }

    /// The number of a name, the next one when it is new.
    fn name(&mut self, name: &str) -> u32 {
        let next = self.names.len() as u32;
        *self.names.entry_ref(name).or_insert(next)
    }
}

fn steps(degrees: Option<Degrees>) -> Option<i64> {
    degrees
        .map(Degrees::value)
        .filter(|degrees| degrees.is_finite())
        .map(|degrees| (degrees * DEGREE_STEPS).round() as i64)
}

impl StationDescriptors {
    pub(crate) fn is_empty(&self) -> bool {
        self.descriptors.is_empty()
    }

    /// The descriptors, in an order that depends on nothing else.
    #[cfg(test)]
    pub(crate) fn sorted(&self) -> Vec<String> {
        let all = self.descriptors.iter();
        let mut sorted: Vec<String> = all.map(|one| format!("{one:?}")).collect();
        sorted.sort();
        sorted
    }

    /// The most used name, the latest when two are used as much; the medians of the coordinates.
    pub(crate) fn describe(&self) -> Description {
        Description {
            name: self.name(),
            latitude: self.median(|one| one.latitude),
            longitude: self.median(|one| one.longitude),
            ..Description::default()
        }
    }

    fn name(&self) -> Option<String> {
        let mut names: BTreeMap<&str, (i64, i64)> = BTreeMap::new();

        for one in &self.descriptors {
            let Some(name) = one.name.as_deref() else {
                continue;
            };
            let (trips, last_start) = names.entry(name).or_insert((0, i64::MIN));
            *trips += one.trips;
            *last_start = one.last_start.max(*last_start);
        }

        names
            .into_iter()
            .max_by_key(|&(_, used)| used)
            .map(|(name, _)| name.to_owned())
    }

    /// The lower median over trips.
    fn median(&self, value: impl Fn(&DescriptorCount) -> Option<f64>) -> Option<f64> {
        let mut weighted: Vec<(f64, i64)> = self
            .descriptors
            .iter()
            .filter_map(|one| Some((value(one)?, one.trips)))
            .collect();
        weighted.sort_by(|(one, _), (other, _)| one.total_cmp(other));

        let half = (weighted.iter().map(|(_, trips)| trips).sum::<i64>() + 1) / 2;
        let mut passed = 0;

        weighted
            .into_iter()
            .find(|(_, trips)| {
                passed += trips;
                passed >= half
            })
            .map(|(value, _)| value)
    }
}

#[cfg(test)]
mod tests;
