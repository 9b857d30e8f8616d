//! What clean trips say together: departures by station and hour, and what they call each station.

use std::collections::{BTreeMap, HashMap};

use filrouge_types::{Hour, StationId};
use polars::prelude::{DataFrame, DataType, PolarsResult};

use crate::source::gbfs::Description;
use crate::trips::hour_of;

/// Degrees are grouped by ten-thousandths, about ten metres: the same station's position drifts by less.
const DEGREE_STEPS: f64 = 10_000.0;

/// Hours of a page of departures: a week, so that a station which is closed for years costs little.
const PAGE_HOURS: i64 = 7 * 24;

/// Tallies of batches, until all are there.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    /// The place of each identifier in `stations`.
    numbers: HashMap<String, usize>,
    stations: Vec<StationTally>,
    /// A number for each name, so that places are compared by numbers.
    names: HashMap<String, usize>,
    /// The last instant at which a kept trip ended, microseconds.
    last_end: Option<i64>,
}

/// What was counted at one station.
#[derive(Debug, Default)]
struct StationTally {
    /// Departures by hour, a page a week.
    pages: BTreeMap<i64, Box<[u32; PAGE_HOURS as usize]>>,
    uses: HashMap<Place, (i64, i64)>,
}

/// A name and a position under which trips start at a station, in steps of degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    name: Option<usize>,
    latitude: Option<i64>,
    longitude: Option<i64>,
}

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
    /// Counts a batch of clean trips.
    pub(crate) fn add(&mut self, trips: &DataFrame) -> PolarsResult<()> {
        let [ids, names] = ["start_station_id", "start_station_name"].map(|name| trips.column(name)?.str().cloned());
        let [latitudes, longitudes] =
            ["start_latitude", "start_longitude"].map(|name| trips.column(name)?.f64().cloned());
        let [starts, hours, ends] = ["started_at", "started_hour", "ended_at"]
            .map(|name| trips.column(name)?.cast(&DataType::Int64)?.i64().cloned());
        let (ids, names, latitudes, longitudes, starts, hours) =
            (ids?, names?, latitudes?, longitudes?, starts?, hours?);
        let places = names.iter().zip(latitudes.iter().zip(longitudes.iter()));
        let instants = hours.iter().zip(starts.iter());
        for ((id, (name, (latitude, longitude))), (hour, start)) in ids.iter().zip(places).zip(instants) {
            // The rules let no trip through without them.
            let (Some(id), Some(hour), Some(start)) = (id, hour, start) else { continue };
            let name = name.map(|name| number_of(&mut self.names, name));
            let place = Place { name, latitude: steps(latitude), longitude: steps(longitude) };
            self.station(id).count(hour_of(hour), place, start);
        }
        self.last_end = self.last_end.max(ends?.iter().flatten().max());
        Ok(())
    }

    fn station(&mut self, id: &str) -> &mut StationTally {
        let number = number_of(&mut self.numbers, id);
        if number == self.stations.len() {
            self.stations.push(StationTally::default());
        }
        &mut self.stations[number]
    }

    /// Puts the batches together.
    pub(crate) fn finish(self) -> Tally {
        let mut tally = Tally { last_end: self.last_end.map(hour_of), ..Tally::default() };
        let mut names = vec![String::new(); self.names.len()];
        self.names.into_iter().for_each(|(name, number)| names[number] = name);
        let mut stations = self.stations;
        for (id, number) in self.numbers {
            // The rules let no other identifier through.
            let Ok(id) = id.parse::<StationId>() else { continue };
            let StationTally { pages, uses } = std::mem::take(&mut stations[number]);
            tally.departures.insert(id.clone(), pages.iter().flat_map(|(week, page)| cells(*week, page)).collect());
            tally.usages.insert(id, Usage::of(uses, &names));
        }
        tally
    }
}

/// The number of a text, the next one when it is new.
fn number_of(numbers: &mut HashMap<String, usize>, text: &str) -> usize {
    if let Some(&number) = numbers.get(text) {
        return number;
    }
    let next = numbers.len();
    numbers.insert(text.to_owned(), next);
    next
}

impl StationTally {
    fn count(&mut self, hour: Hour, place: Place, start: i64) {
        let hours = hour.hours_since_epoch();
        let page = self.pages.entry(hours.div_euclid(PAGE_HOURS)).or_insert_with(|| Box::new([0; PAGE_HOURS as usize]));
        page[hours.rem_euclid(PAGE_HOURS) as usize] += 1;
        let (trips, last_start) = self.uses.entry(place).or_insert((0, i64::MIN));
        *trips += 1;
        *last_start = start.max(*last_start);
    }
}

/// The hours of a page that have departures, in order.
fn cells(week: i64, page: &[u32; PAGE_HOURS as usize]) -> impl Iterator<Item = (Hour, u32)> {
    let counted = page.iter().enumerate().filter(|&(_, &count)| count > 0);
    counted.map(move |(hour, &count)| (Hour::from_hours_since_epoch(week * PAGE_HOURS + hour as i64), count))
}

fn steps(degrees: Option<f64>) -> Option<i64> {
    degrees.filter(|degrees| degrees.is_finite()).map(|degrees| (degrees * DEGREE_STEPS).round() as i64)
}

impl Usage {
    fn of(uses: HashMap<Place, (i64, i64)>, names: &[String]) -> Self {
        let degrees = |steps: i64| steps as f64 / DEGREE_STEPS;
        let one = |(place, (trips, last_start)): (Place, (i64, i64))| Use {
            name: place.name.map(|number| names[number].clone()),
            latitude: place.latitude.map(degrees),
            longitude: place.longitude.map(degrees),
            trips,
            last_start,
        };
        Self { uses: uses.into_iter().map(one).collect() }
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
            let Some(name) = one.name.as_deref() else { continue };
            let (trips, last_start) = names.entry(name).or_insert((0, i64::MIN));
            *trips += one.trips;
            *last_start = one.last_start.max(*last_start);
        }
        names.into_iter().max_by_key(|&(_, used)| used).map(|(name, _)| name.to_owned())
    }

    /// The lower median over trips.
    fn median(&self, value: impl Fn(&Use) -> Option<f64>) -> Option<f64> {
        let mut weighted: Vec<(f64, i64)> = self.uses.iter().filter_map(|one| Some((value(one)?, one.trips))).collect();
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
        Use { name: Some(name.to_owned()), latitude: Some(latitude), longitude: None, trips, last_start }
    }

    #[test]
    fn the_most_used_name_and_the_median_position_describe_a_station() {
        let usage =
            Usage { uses: vec![one("Gare", 45.6, 5, 10), one("Gare Nord", 45.7, 6, 20), one("Gare", 54.0, 4, 5)] };
        let description = usage.describe();
        assert_eq!(description.name.as_deref(), Some("Gare"));
        assert_eq!((description.latitude, description.longitude), (Some(45.7), None));
    }

    #[test]
    fn of_two_names_used_as_much_the_latest_is_taken() {
        let usage = Usage { uses: vec![one("Ancien", 45.6, 5, 10), one("Actuel", 45.6, 5, 20)] };
        assert_eq!(usage.describe().name.as_deref(), Some("Actuel"));
    }
}
