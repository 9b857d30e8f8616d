//! Departures by station and hour, and the descriptors of each station.

use std::collections::BTreeMap;

use filrouge_types::{Hour, StationId};

use crate::dedup_buffer::PendingTrip;
use crate::instant::{DAY, HOUR, hour_of};
use crate::start_descriptors::{DescriptorCounts, StationDescriptors};
use crate::trip::Trip;

/// Hours of a page of departures: a week, so that a station which is closed for years costs little.
const PAGE_HOURS: i64 = 7 * 24;

type WeekPage = Box<[u32; PAGE_HOURS as usize]>;

/// Counts clean trips. Stations go by the numbers of their
/// [resolver](crate::identity::StationResolver).
#[derive(Debug, Default)]
pub(crate) struct HourlyCounter {
    descriptors: DescriptorCounts,
    /// Departures of each station by hour, a page a week.
    pages: Vec<BTreeMap<i64, WeekPage>>,
    /// The last hour in which a kept trip ended.
    last_end: Option<Hour>,
}

/// All clean trips, counted.
#[derive(Debug, Default)]
pub(crate) struct HourlyCounts {
    /// Departures of each hour that has any, in order.
    pub(crate) departures: BTreeMap<StationId, Vec<(Hour, u32)>>,
    /// Names and positions of each station from which trips start.
    pub(crate) descriptors: BTreeMap<StationId, StationDescriptors>,
    pub(crate) last_end: Option<Hour>,
}

impl HourlyCounter {
    /// The number of the start descriptor of a trip, at this station.
    pub(crate) fn descriptor(&mut self, station: u32, trip: &Trip) -> u32 {
        if station as usize >= self.pages.len() {
            self.pages.resize_with(station as usize + 1, BTreeMap::new);
        }
        self.descriptors.number(station, trip)
    }

    /// Counts the clean trips of one day.
    pub(crate) fn add_day(&mut self, trips: &[PendingTrip]) {
        let Some(first) = trips.first() else { return };
        let midnight = first.start.div_euclid(DAY) * DAY;
        // A small array that stays in the cache of the processor; pages are touched once a day.
        let mut departures = vec![[0_u32; 24]; self.pages.len()];
        let mut last_end = None;

        for trip in trips {
            let station = self.descriptors.count(trip.descriptor, trip.start);
            let hour = (trip.start - midnight) / HOUR;
            departures[station][hour as usize] += 1;
            last_end = last_end.max(trip.lasted_hours.map(|lasted| hour + i64::from(lasted)));
        }

        let first_hour = hour_of(midnight);
        self.last_end = self.last_end.max(last_end.map(|hours| first_hour + hours));

        // An empty day must not open a page.
        let counted = departures.iter().enumerate();
        for (station, departures) in counted.filter(|(_, hours)| **hours != [0; 24]) {
            for (hour, count) in (0..).zip(departures) {
                *self.cell(station, first_hour + hour) += count;
            }
        }
    }

    /// Counts one clean trip.
    pub(crate) fn add(&mut self, trip: &Trip) {
        // The rules let no trip through without them.
        let (Some(station), Some(hour), Some(start)) =
            (trip.start_station.number, trip.hour, trip.start)
        else {
            return;
        };

        let descriptor = self.descriptor(station, trip);
        let station = self.descriptors.count(descriptor, start);
        *self.cell(station, hour_of(hour)) += 1;
        self.last_end = self.last_end.max(trip.end.map(hour_of));
    }

    fn cell(&mut self, station: usize, hour: Hour) -> &mut u32 {
        let hours = hour.hours_since_epoch();
        let page = self.pages[station].entry(hours.div_euclid(PAGE_HOURS));
        &mut page.or_insert_with(|| Box::new([0; PAGE_HOURS as usize]))
            [hours.rem_euclid(PAGE_HOURS) as usize]
    }

    /// Puts everything together; `ids` are the identifiers of the stations by their numbers.
    pub(crate) fn finish(self, ids: Vec<String>) -> HourlyCounts {
        let mut counts = HourlyCounts {
            last_end: self.last_end,
            ..HourlyCounts::default()
        };
        let descriptors = self.descriptors.by_station(self.pages.len());
        let stations = ids.into_iter().zip(self.pages).zip(descriptors);

        for ((id, pages), descriptors) in stations.filter(|(_, one)| !one.is_empty()) {
            // The rules let no other identifier through.
            let Ok(id) = id.parse::<StationId>() else {
                continue;
            };

            let cells = pages.iter().flat_map(|(week, page)| cells(*week, page));
            counts.departures.insert(id.clone(), cells.collect());
            counts.descriptors.insert(id, descriptors);
        }

        counts
    }
}

/// The hours of a page that have departures, in order.
fn cells(week: i64, page: &WeekPage) -> impl Iterator<Item = (Hour, u32)> {
    let counted = page.iter().enumerate().filter(|&(_, &count)| count > 0);
    counted.map(move |(hour, &count)| {
        let hour = week * PAGE_HOURS + hour as i64;
        (Hour::from_hours_since_epoch(hour), count)
    })
}
