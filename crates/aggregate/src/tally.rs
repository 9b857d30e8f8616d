//! What clean trips say together: departures by station and hour, and what they call each station.

use std::collections::BTreeMap;

use filrouge_types::{Hour, StationId};
use polars::prelude::{DataFrame, PlHashMap, PolarsResult};

use crate::drawers::{DAY, Waiting};
use crate::source::gbfs::Description;
use crate::trip::{Columns, Trip};
use crate::trips::{HOUR, hour_of};

/// Degrees are grouped by ten-thousandths, about ten metres: the same station's position drifts by
/// less.
const DEGREE_STEPS: f64 = 10_000.0;

/// Hours of a page of departures: a week, so that a station which is closed for years costs little.
const PAGE_HOURS: i64 = 7 * 24;

/// What is counted so far.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    stations: Numbered,
    names: Numbered,
    places: PlHashMap<Place, u32>,
    /// The trips that start at each place, and the last of these starts, microseconds.
    uses: Vec<(Place, i64, i64)>,
    /// Departures of each station by hour, a page a week.
    pages: Vec<BTreeMap<i64, Box<[u32; PAGE_HOURS as usize]>>>,
    /// The last hour in which a kept trip ended.
    last_end: Option<Hour>,
}

/// A station, and a name and a position under which trips start there; degrees in steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    station: u32,
    name: Option<u32>,
    latitude: Option<i64>,
    longitude: Option<i64>,
}

/// Texts by the numbers given to them, so that what comes again is compared by numbers.
#[derive(Debug, Default)]
struct Numbered(PlHashMap<String, u32>);

/// The whole tally.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Departures of each hour that has any, in order.
    pub(crate) departures: BTreeMap<StationId, Vec<(Hour, u32)>>,
    /// What the trips call each station they start from.
    pub(crate) usages: BTreeMap<StationId, Usage>,
    pub(crate) last_end: Option<Hour>,
}

/// The names and places under which trips start at one station, and how often each.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Usage {
    uses: Vec<Use>,
}

#[derive(Debug, Clone, PartialEq)]
struct Use {
    name: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    trips: i64,
    last_start: i64,
}

impl Tallies {
    /// The number of a station.
    pub(crate) fn station(&mut self, id: &str) -> u32 {
        let number = self.stations.number(id);
        if number as usize == self.pages.len() {
            self.pages.push(BTreeMap::new());
        }
        number
    }

    /// The number of the place where a trip starts, at this station.
    pub(crate) fn place(&mut self, station: u32, trip: &Trip) -> u32 {
        let name = trip.name.map(|name| self.names.number(name));
        let place = Place {
            station,
            name,
            latitude: steps(trip.latitude),
            longitude: steps(trip.longitude),
        };

        let next = self.uses.len() as u32;
        let number = *self.places.entry(place).or_insert(next);
        if number == next {
            self.uses.push((place, 0, i64::MIN));
        }
        number
    }

    /// Counts clean trips that waited in one drawer.
    pub(crate) fn add_day(&mut self, trips: &[Waiting]) {
        let Some(first) = trips.first() else { return };
        let midnight = first.start.div_euclid(DAY) * DAY;
        let mut departures = vec![[0_u32; 24]; self.pages.len()];
        let mut last_end = None;
        for trip in trips {
            let (place, count, last_start) = &mut self.uses[trip.place as usize];
            let hour = (trip.start - midnight) / HOUR;
            departures[place.station as usize][hour as usize] += 1;
            *count += 1;
            *last_start = trip.start.max(*last_start);
            last_end = last_end.max(trip.lasted_hours.map(|lasted| hour + i64::from(lasted)));
        }
        let first_hour = hour_of(midnight);
        self.last_end = self.last_end.max(last_end.map(|hours| first_hour + hours));
        for (station, departures) in departures
            .iter()
            .enumerate()
            .filter(|(_, departures)| **departures != [0; 24])
        {
            for (hour, count) in (0..).zip(departures) {
                *self.cell(station, first_hour + hour) += count;
            }
        }
    }

    /// Counts a frame of clean trips.
    pub(crate) fn add(&mut self, trips: &DataFrame) -> PolarsResult<()> {
        for trip in Columns::of(trips)?.trips() {
            // The rules let no trip through without them.
            let (Some(id), Some(hour), Some(start)) = (trip.station, trip.hour, trip.start) else {
                continue;
            };
            let station = self.station(id);
            let place = self.place(station, &trip);
            let (_, count, last_start) = &mut self.uses[place as usize];

            *count += 1;
            *last_start = start.max(*last_start);
            *self.cell(station as usize, hour_of(hour)) += 1;
            self.last_end = self.last_end.max(trip.end.map(hour_of));
        }

        Ok(())
    }

    fn cell(&mut self, station: usize, hour: Hour) -> &mut u32 {
        let hours = hour.hours_since_epoch();
        let page = self.pages[station].entry(hours.div_euclid(PAGE_HOURS));
        &mut page.or_insert_with(|| Box::new([0; PAGE_HOURS as usize]))
            [hours.rem_euclid(PAGE_HOURS) as usize]
    }

    /// Puts everything together.
    pub(crate) fn finish(self) -> Tally {
        let mut tally = Tally {
            last_end: self.last_end,
            ..Tally::default()
        };
        let names = self.names.texts();
        let mut usages = vec![Usage::default(); self.pages.len()];

        for (place, trips, last_start) in self.uses.into_iter().filter(|&(_, trips, _)| trips > 0) {
            usages[place.station as usize]
                .uses
                .push(Use::of(place, &names, trips, last_start));
        }

        let stations = self
            .stations
            .texts()
            .into_iter()
            .zip(self.pages)
            .zip(usages);

        for ((id, pages), usage) in stations.filter(|(_, usage)| !usage.uses.is_empty()) {
            // The rules let no other identifier through.
            let Ok(id) = id.parse::<StationId>() else {
                continue;
            };

            tally.departures.insert(
                id.clone(),
                pages
                    .iter()
                    .flat_map(|(week, page)| cells(*week, page))
                    .collect(),
            );

            tally.usages.insert(id, usage);
        }

        tally
    }
}

impl Numbered {
    /// The number of a text, the next one when it is new.
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.0.get(text) {
            return number;
        }
        let next = self.0.len() as u32;
        self.0.insert(text.to_owned(), next);
        next
    }

    /// The texts by their numbers.
    fn texts(self) -> Vec<String> {
        let mut texts = vec![String::new(); self.0.len()];
        self.0
            .into_iter()
            .for_each(|(text, number)| texts[number as usize] = text);
        texts
    }
}

/// The hours of a page that have departures, in order.
fn cells(week: i64, page: &[u32; PAGE_HOURS as usize]) -> impl Iterator<Item = (Hour, u32)> {
    let counted = page.iter().enumerate().filter(|&(_, &count)| count > 0);
    counted.map(move |(hour, &count)| {
        (
            Hour::from_hours_since_epoch(week * PAGE_HOURS + hour as i64),
            count,
        )
    })
}

fn steps(degrees: Option<f64>) -> Option<i64> {
    degrees
        .filter(|degrees| degrees.is_finite())
        .map(|degrees| (degrees * DEGREE_STEPS).round() as i64)
}

impl Use {
    fn of(place: Place, names: &[String], trips: i64, last_start: i64) -> Self {
        let degrees = |steps: i64| steps as f64 / DEGREE_STEPS;
        Self {
            name: place.name.map(|number| names[number as usize].clone()),
            latitude: place.latitude.map(degrees),
            longitude: place.longitude.map(degrees),
            trips,
            last_start,
        }
    }
}

impl Usage {
    /// The uses, in an order that depends on nothing else.
    #[cfg(test)]
    pub(crate) fn sorted(&self) -> Vec<String> {
        let mut uses: Vec<String> = self.uses.iter().map(|one| format!("{one:?}")).collect();
        uses.sort();
        uses
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

        for one in &self.uses {
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
    fn median(&self, value: impl Fn(&Use) -> Option<f64>) -> Option<f64> {
        let mut weighted: Vec<(f64, i64)> = self
            .uses
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
mod tests {
    use super::*;

    fn one(name: &str, latitude: f64, trips: i64, last_start: i64) -> Use {
        Use {
            name: Some(name.to_owned()),
            latitude: Some(latitude),
            longitude: None,
            trips,
            last_start,
        }
    }

    #[test]
    fn the_most_used_name_and_the_median_position_describe_a_station() {
        let usage = Usage {
            uses: vec![
                one("Gare", 45.6, 5, 10),
                one("Gare Nord", 45.7, 6, 20),
                one("Gare", 54.0, 4, 5),
            ],
        };

        let description = usage.describe();
        assert_eq!(description.name.as_deref(), Some("Gare"));
        assert_eq!(
            (description.latitude, description.longitude),
            (Some(45.7), None)
        );
    }

    #[test]
    fn of_two_names_used_as_much_the_latest_is_taken() {
        let usage = Usage {
            uses: vec![one("Ancien", 45.6, 5, 10), one("Actuel", 45.6, 5, 20)],
        };
        assert_eq!(usage.describe().name.as_deref(), Some("Actuel"));
    }
}
