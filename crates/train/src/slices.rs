use std::collections::BTreeMap;

use chrono::Timelike;
use chrono_tz::Tz;
use filrouge_dataset::ConditionTable;
use filrouge_model::Prediction;
use filrouge_types::{Station, StationId};
use serde::Serialize;

/// Measures of one part of the rows: one station, one hour of the day, one kind of weather.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// `station`, `heure`, `météo`, or `quartier` when the districts are known.
    pub kind: &'static str,
    /// The station, hour, weather or district.
    pub name: String,
    /// Number of rows.
    pub rows: usize,
    /// Mean absolute error, departures.
    pub mae: f64,
    /// Mean absolute error of the same hour a week before.
    pub last_week_mae: f64,
    /// Share of the counts inside their interval, 0 to 1.
    pub coverage_80: f64,
}

/// Water from which an hour is a wet one, mm.
const WET_MM: f32 = 0.2;

/// Temperatures around a mild hour, °C.
const COLD_C: f32 = 5.0;
const HOT_C: f32 = 25.0;

impl Slice {
    /// `1 − mae / last_week_mae`, the share of the error of the same hour a week before that the
    /// model avoids; absent when that error is zero.
    pub fn skill(&self) -> Option<f64> {
        (self.last_week_mae > 0.0).then(|| 1.0 - self.mae / self.last_week_mae)
    }

    /// Takes the rows of `other` in: each mean counts for its number of rows.
    fn merge(&mut self, other: &Self) {
        let rows = self.rows + other.rows;
        let mean = |own: f64, new: f64| {
            (own * self.rows as f64 + new * other.rows as f64) / rows.max(1) as f64
        };

        self.mae = mean(self.mae, other.mae);
        self.last_week_mae = mean(self.last_week_mae, other.last_week_mae);
        self.coverage_80 = mean(self.coverage_80, other.coverage_80);
        self.rows = rows;
    }
}

/// Slices of the rows of a table, filled row by row; they get their names once, at the end.
#[derive(Debug)]
pub(crate) struct Slices<'a> {
    table: &'a ConditionTable,
    time_zone: Tz,
    sums: BTreeMap<SliceKey, Sums>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum SliceKey {
    /// Local hour of the day.
    Hour(u32),
    Weather(&'static str),
    /// Position among the stations of the table.
    Station(u32),
}

impl SliceKey {
    fn name(self, stations: &[StationId]) -> (&'static str, String) {
        match self {
            Self::Hour(hour) => ("heure", format!("{hour:02} h")),
            Self::Weather(weather) => ("météo", weather.to_owned()),
            Self::Station(station) => ("station", stations[station as usize].to_string()),
        }
    }
}

#[derive(Debug, Default)]
struct Sums {
    rows: usize,
    error: f64,
    last_week_error: f64,
    covered: usize,
}

impl Sums {
    fn add(&mut self, prediction: &Prediction, actual: f32, last_week: f32) {
        self.rows += 1;
        self.error += f64::from((prediction.demand - actual).abs());
        self.last_week_error += f64::from((last_week - actual).abs());
        self.covered += usize::from(prediction.holds(actual));
    }

    fn slice(self, kind: &'static str, name: String) -> Slice {
        let rows = self.rows as f64;

        Slice {
            kind,
            name,
            rows: self.rows,
            mae: self.error / rows,
            last_week_mae: self.last_week_error / rows,
            coverage_80: self.covered as f64 / rows,
        }
    }
}

impl<'a> Slices<'a> {
    pub(crate) fn of(table: &'a ConditionTable, time_zone: Tz) -> Self {
        Self {
            table,
            time_zone,
            sums: BTreeMap::new(),
        }
    }

    /// Adds a row of the table: its prediction, its count, and the count a week before.
    pub(crate) fn add(&mut self, row: usize, prediction: &Prediction, actual: f32, last_week: f32) {
        let table = self.table;
        let local = table.hour[row].start().with_timezone(&self.time_zone);
        let weather = weather(table.precipitation_mm[row], table.temperature_c[row]);
        let keys = [
            SliceKey::Station(table.station[row]),
            SliceKey::Hour(local.hour()),
            SliceKey::Weather(weather),
        ];

        for key in keys {
            let sums = self.sums.entry(key).or_default();
            sums.add(prediction, actual, last_week);
        }
    }

    /// The slices by increasing skill, those of equal skill by kind and name.
    pub(crate) fn worst_first(self) -> Vec<Slice> {
        let stations = &self.table.stations;
        let named = self.sums.into_iter();
        let named: BTreeMap<_, _> = named
            .map(|(key, sums)| (key.name(stations), sums))
            .collect();

        let slices = named.into_iter();
        let mut slices: Vec<Slice> = slices
            .map(|((kind, name), sums)| sums.slice(kind, name))
            .collect();

        sort(&mut slices);
        slices
    }
}

/// Adds one slice a district of `stations` to those of the stations themselves.
pub(crate) fn add_districts(slices: &mut Vec<Slice>, stations: &[Station]) {
    let mut districts: BTreeMap<&str, Slice> = BTreeMap::new();

    // From the slices of the stations: the rows themselves are no longer there.
    for slice in slices.iter().filter(|slice| slice.kind == "station") {
        let Some(name) = district(stations, &slice.name) else {
            continue;
        };

        let empty = || Slice {
            kind: "quartier",
            name: name.to_owned(),
            rows: 0,
            ..slice.clone()
        };
        districts.entry(name).or_insert_with(empty).merge(slice);
    }

    slices.extend(districts.into_values());
    sort(slices);
}

fn district<'a>(stations: &'a [Station], station_id: &str) -> Option<&'a str> {
    let mut stations = stations.iter();
    let station = stations.find(|station| station.station_id.as_str() == station_id)?;

    station.district.as_deref()
}

/// Sorts by increasing skill; slices without skill come last.
fn sort(slices: &mut [Slice]) {
    let skill = |slice: &Slice| slice.skill().unwrap_or(f64::INFINITY);

    slices.sort_by(|a, b| skill(a).total_cmp(&skill(b)));
}

fn weather(precipitation_mm: f32, temperature_c: f32) -> &'static str {
    match (precipitation_mm, temperature_c) {
        (rain, _) if rain >= WET_MM => "pluie",
        (_, celsius) if celsius < COLD_C => "froid sec",
        (_, celsius) if celsius >= HOT_C => "chaud sec",
        (rain, celsius) if rain.is_nan() && celsius.is_nan() => "inconnue",
        _ => "doux sec",
    }
}

#[cfg(test)]
mod tests;
