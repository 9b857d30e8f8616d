//! What clean trips say together: departures by station and hour, and what they call each station.

use std::collections::BTreeMap;

use filrouge_types::{Hour, StationId};
use polars::prelude::{
    DataFrame, DataType, IntoLazy, PolarsResult, SortMultipleOptions, UnionArgs, col, concat, len, lit,
};

use crate::source::gbfs::Description;
use crate::trips::hour_of;

/// Degrees are grouped by ten-thousandths, about ten metres: the same station's position drifts by less.
const DEGREE_STEPS: f64 = 10_000.0;

/// Tallies of batches, until all are there.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    departures: Vec<DataFrame>,
    usages: Vec<DataFrame>,
    /// The last instant at which a kept trip ended, microseconds.
    last_end: Option<i64>,
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
    /// Counts a batch of clean trips. No hour is in two batches.
    pub(crate) fn add(&mut self, trips: &DataFrame) -> PolarsResult<()> {
        let station = col("start_station_id");
        let departures = trips.clone().lazy().group_by([station.clone(), col("started_hour")]);
        self.departures.push(departures.agg([len().cast(DataType::Int64).alias("departures")]).collect()?);
        let rounded = |name: &str| {
            (col(name) * lit(DEGREE_STEPS)).round(0, polars::prelude::RoundMode::HalfAwayFromZero).alias(name)
        };
        let keys = [station, col("start_station_name"), rounded("start_latitude"), rounded("start_longitude")];
        let trip_count = len().cast(DataType::Int64).alias("trips");
        let last_start = col("started_at").cast(DataType::Int64).max().alias("last_start");
        self.usages.push(trips.clone().lazy().group_by(keys).agg([trip_count, last_start]).collect()?);
        let last_end = trips.column("ended_at")?.cast(&DataType::Int64)?.i64()?.iter().flatten().max();
        self.last_end = self.last_end.max(last_end);
        Ok(())
    }

    /// Puts the batches together.
    pub(crate) fn finish(self) -> PolarsResult<Tally> {
        let last_end = self.last_end.map(hour_of);
        Ok(Tally { departures: departures(self.departures)?, usages: usages(self.usages)?, last_end })
    }
}

fn departures(batches: Vec<DataFrame>) -> PolarsResult<BTreeMap<StationId, Vec<(Hour, u32)>>> {
    let order = ["start_station_id", "started_hour"];
    let sorted = together(batches)?.sort(order, SortMultipleOptions::default()).collect()?;
    let (ids, counts) = (sorted.column(order[0])?.str()?.clone(), sorted.column("departures")?.i64()?.clone());
    let hours = sorted.column(order[1])?.cast(&DataType::Int64)?.i64()?.clone();
    let mut departures: BTreeMap<StationId, Vec<(Hour, u32)>> = BTreeMap::new();
    let mut station: Option<(StationId, Vec<(Hour, u32)>)> = None;
    for ((id, hour), count) in ids.iter().zip(hours.iter()).zip(counts.iter()) {
        let (Some(id), Some(hour), Some(count)) = (id, hour, count) else { continue };
        let cell = (hour_of(hour), u32::try_from(count).unwrap_or(u32::MAX));
        match &mut station {
            Some((open, cells)) if open.as_str() == id => cells.push(cell),
            _ => {
                // The rules let no other identifier through.
                let Ok(next) = id.parse() else { continue };
                departures.extend(station.replace((next, vec![cell])));
            }
        }
    }
    departures.extend(station);
    Ok(departures)
}

fn usages(batches: Vec<DataFrame>) -> PolarsResult<BTreeMap<StationId, Usage>> {
    let order = ["start_station_id", "start_station_name", "start_latitude", "start_longitude"];
    let sums = [col("trips").sum(), col("last_start").max()];
    let grouped = together(batches)?.group_by(order.map(col)).agg(sums);
    let sorted = grouped.sort(order, SortMultipleOptions::default()).collect()?;
    let [ids, names] = [order[0], order[1]].map(|name| sorted.column(name).and_then(|column| column.str().cloned()));
    let degrees = [order[2], order[3]].map(|name| sorted.column(name).and_then(|column| column.f64().cloned()));
    let counts = ["trips", "last_start"].map(|name| sorted.column(name).and_then(|column| column.i64().cloned()));
    let ((ids, names), [latitudes, longitudes], [trips, last_starts]) = ((ids?, names?), degrees, counts);
    let (latitudes, longitudes, trips, last_starts) = (latitudes?, longitudes?, trips?, last_starts?);
    let mut usages: BTreeMap<StationId, Usage> = BTreeMap::new();
    for row in 0..sorted.height() {
        let Some(Ok(id)) = ids.get(row).map(str::parse::<StationId>) else { continue };
        usages.entry(id).or_default().uses.push(Use {
            name: names.get(row).map(str::to_owned),
            latitude: latitudes.get(row).map(|steps| steps / DEGREE_STEPS),
            longitude: longitudes.get(row).map(|steps| steps / DEGREE_STEPS),
            trips: trips.get(row).unwrap_or(0),
            last_start: last_starts.get(row).unwrap_or(i64::MIN),
        });
    }
    Ok(usages)
}

fn together(batches: Vec<DataFrame>) -> PolarsResult<polars::prelude::LazyFrame> {
    concat(batches.into_iter().map(IntoLazy::lazy).collect::<Vec<_>>(), UnionArgs::default())
}

impl Usage {
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
