use std::collections::BTreeMap;

use chrono::Timelike;
use chrono_tz::Tz;
use filrouge_dataset::ConditionTable;
use filrouge_model::Prediction;
use filrouge_types::{Station, StationId};
use serde::Serialize;

/// Part of the rows: one station, one hour of the day, one kind of weather.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// `station`, `heure`, `météo`, or `quartier` when the districts are known.
    pub kind: &'static str,
    /// Which one.
    pub name: String,
    /// How many rows it has.
    pub rows: usize,
    /// Mean absolute error, departures.
    pub mae: f64,
    /// The same for the hour a week before.
    pub last_week_mae: f64,
    /// Share of the truths inside their interval, 0 to 1.
    pub coverage_80: f64,
}

/// Water from which an hour is a wet one, mm.
const WET: f32 = 0.2;

impl Slice {
    /// By how much the error is below that of the hour a week before; absent when that one is zero.
    pub fn skill(&self) -> Option<f64> {
        (self.last_week_mae > 0.0).then(|| 1.0 - self.mae / self.last_week_mae)
    }

    /// Takes the rows of `other` in: means weigh as many rows as they come from.
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

/// Slices being filled, row by row; they get their names once, at the end.
#[derive(Debug, Default)]
pub(crate) struct Slices(BTreeMap<Part, Sums>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Hour(u32),
    Weather(&'static str),
    /// By its place among the stations of the table.
    Station(u32),
}

impl Part {
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

impl Slices {
    pub(crate) fn add(
        &mut self,
        table: &ConditionTable,
        row: usize,
        time_zone: Tz,
        prediction: &Prediction,
        truth: f32,
        last_week: f32,
    ) {
        let local = table.hour[row].start().with_timezone(&time_zone);
        let parts = [
            Part::Station(table.station[row]),
            Part::Hour(local.hour()),
            Part::Weather(weather(
                table.precipitation_mm[row],
                table.temperature_c[row],
            )),
        ];

        for part in parts {
            let sums = self.0.entry(part).or_default();
            sums.rows += 1;
            sums.error += f64::from((prediction.demand - truth).abs());
            sums.last_week_error += f64::from((last_week - truth).abs());
            sums.covered +=
                usize::from(prediction.demand_p10 <= truth && truth <= prediction.demand_p90);
        }
    }

    /// Those of equal skill in order of kind and name; `stations` are those of the table.
    pub(crate) fn worst_first(self, stations: &[StationId]) -> Vec<Slice> {
        let named: BTreeMap<_, _> = self
            .0
            .into_iter()
            .map(|(part, sums)| (part.name(stations), sums))
            .collect();

        let slice = |((kind, name), sums): ((&'static str, String), Sums)| Slice {
            kind,
            name,
            rows: sums.rows,
            mae: sums.error / sums.rows as f64,
            last_week_mae: sums.last_week_error / sums.rows as f64,
            coverage_80: sums.covered as f64 / sums.rows as f64,
        };

        let mut slices: Vec<Slice> = named.into_iter().map(slice).collect();
        sort(&mut slices);
        slices
    }
}

/// Adds one slice a district of `stations` to those of the stations themselves.
pub(crate) fn add_districts(slices: &mut Vec<Slice>, stations: &[Station]) {
    let district = |name: &str| {
        stations
            .iter()
            .find(|station| station.station_id.as_str() == name)?
            .district
            .as_deref()
    };
    let mut districts: BTreeMap<&str, Slice> = BTreeMap::new();
    for slice in slices.iter().filter(|slice| slice.kind == "station") {
        let Some(name) = district(&slice.name) else {
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

fn sort(slices: &mut [Slice]) {
    let skill = |slice: &Slice| slice.skill().unwrap_or(f64::INFINITY);
    slices.sort_by(|a, b| skill(a).total_cmp(&skill(b)));
}

fn weather(precipitation: f32, temperature: f32) -> &'static str {
    match (precipitation, temperature) {
        (rain, _) if rain >= WET => "pluie",
        (_, celsius) if celsius < 5.0 => "froid sec",
        (_, celsius) if celsius >= 25.0 => "chaud sec",
        (rain, celsius) if rain.is_nan() && celsius.is_nan() => "inconnue",
        _ => "doux sec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(id: &str, district: Option<&str>) -> Station {
        let district = district.map(str::to_owned);
        Station {
            station_id: id.parse().unwrap(),
            name: id.to_owned(),
            district,
            latitude: 0.0,
            longitude: 0.0,
            capacity: 1,
        }
    }

    fn slice(name: &str, rows: usize, mae: f64) -> Slice {
        Slice {
            kind: "station",
            name: name.to_owned(),
            rows,
            mae,
            last_week_mae: 2.0,
            coverage_80: 0.8,
        }
    }

    // Preuve: C12.3 l’erreur est aussi mesurée par quartier
    #[test]
    fn a_district_is_worth_the_mean_of_its_stations_rows() {
        let stations = [
            station("A", Some("Nord")),
            station("B", Some("Nord")),
            station("C", None),
        ];
        let mut slices = vec![
            slice("A", 100, 1.0),
            slice("B", 300, 2.0),
            slice("C", 10, 1.0),
            slice("D", 10, 1.0),
        ];
        add_districts(&mut slices, &stations);
        let districts: Vec<_> = slices
            .iter()
            .filter(|slice| slice.kind == "quartier")
            .collect();
        assert_eq!(districts.len(), 1);
        assert_eq!(
            (
                districts[0].name.as_str(),
                districts[0].rows,
                districts[0].mae
            ),
            ("Nord", 400, 1.75)
        );
        assert_eq!(slices[0].name, "B", "the worst first");
    }
}
