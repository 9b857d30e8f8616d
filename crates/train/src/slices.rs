use std::collections::BTreeMap;

use chrono::Timelike;
use chrono_tz::Tz;
use filrouge_dataset::ConditionTable;
use filrouge_model::Prediction;
use filrouge_types::StationId;
use serde::Serialize;

/// Part of the rows: one station, one hour of the day, one kind of weather.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// `station`, `heure` or `météo`.
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
            Part::Weather(weather(table.precipitation_mm[row], table.temperature_c[row])),
        ];
        for part in parts {
            let sums = self.0.entry(part).or_default();
            sums.rows += 1;
            sums.error += f64::from((prediction.demand - truth).abs());
            sums.last_week_error += f64::from((last_week - truth).abs());
            sums.covered += usize::from(prediction.demand_p10 <= truth && truth <= prediction.demand_p90);
        }
    }

    /// Those of equal skill in order of kind and name; `stations` are those of the table.
    pub(crate) fn worst_first(self, stations: &[StationId]) -> Vec<Slice> {
        let named: BTreeMap<_, _> = self.0.into_iter().map(|(part, sums)| (part.name(stations), sums)).collect();
        let slice = |((kind, name), sums): ((&'static str, String), Sums)| Slice {
            kind,
            name,
            rows: sums.rows,
            mae: sums.error / sums.rows as f64,
            last_week_mae: sums.last_week_error / sums.rows as f64,
            coverage_80: sums.covered as f64 / sums.rows as f64,
        };
        let mut slices: Vec<Slice> = named.into_iter().map(slice).collect();
        let skill = |slice: &Slice| slice.skill().unwrap_or(f64::INFINITY);
        slices.sort_by(|a, b| skill(a).total_cmp(&skill(b)));
        slices
    }
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
