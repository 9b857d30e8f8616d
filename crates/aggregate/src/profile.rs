//! The clean data set described: ranges, missing values, distributions, rules that fired, and the
//! changes since the profile of the run before.

use std::io;
use std::path::Path;

use filrouge_dataset::{Dataset, read_dataset};
use filrouge_storage::{make_folder, replace_file, write_atomically};
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::source::read_json;
use crate::{AggregateError, SourceSummary, Summary};

mod bins;
mod page;

pub use bins::Bin;
use bins::Edges;

/// The description of one clean data set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DataProfile {
    /// The run of collection that was cleaned.
    pub run_id: Option<String>,
    /// The first hour, UTC.
    pub first_hour: Option<Hour>,
    /// The last hour, UTC.
    pub last_hour: Option<Hour>,
    /// Rows: one a station and hour.
    pub rows: u64,
    /// Stations with one row at least.
    pub stations: u64,
    /// The columns with values, in the order of the contract.
    pub columns: Vec<ColumnProfile>,
    /// Rows that the rules found, by source.
    pub sources: Vec<SourceSummary>,
    /// The profile of the run before, when there was one.
    #[serde(default)]
    pub previous: Option<Box<DataProfile>>,
}

/// The description of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name in the contract.
    pub name: String,
    /// Rows without a value.
    pub nulls: u64,
    /// The least, the mean and the greatest value; `None` when there is none.
    pub range: Option<[f64; 3]>,
    /// Rows of each interval. The intervals of a column never change, so that runs compare.
    pub bins: Vec<Bin>,
}

impl ColumnProfile {
    fn new(name: &str, edges: Edges, values: impl Iterator<Item = Option<f64>>) -> Self {
        let mut column = Self {
            name: name.to_owned(),
            nulls: 0,
            range: None,
            bins: edges.bins(),
        };

        let (mut least, mut sum, mut most, mut known) =
            (f64::INFINITY, 0.0, f64::NEG_INFINITY, 0_u64);

        for value in values {
            let Some(value) = value else {
                column.nulls += 1;
                continue;
            };
            (least, sum, most, known) = (least.min(value), sum + value, most.max(value), known + 1);
            column.bins[edges.bin(value)].rows += 1;
        }

        column.range = (known > 0).then(|| [least, sum / known as f64, most]);
        column
    }

    /// Σ |p − q| / 2 over the shares p and q of the intervals, the total variation distance: 0
    /// when two distributions are the same, 1 when they have nothing in common. `None` when one of
    /// them is empty.
    pub fn distance(&self, other: &Self) -> Option<f64> {
        let total = |column: &Self| column.bins.iter().map(|bin| bin.rows).sum::<u64>() as f64;
        let (mine, theirs) = (total(self), total(other));
        if mine == 0.0 || theirs == 0.0 || self.bins.len() != other.bins.len() {
            return None;
        }

        let pairs = self.bins.iter().zip(&other.bins);
        let differences =
            pairs.map(|(one, other)| one.rows as f64 / mine - other.rows as f64 / theirs);
        Some(differences.map(f64::abs).sum::<f64>() / 2.0)
    }
}

/// The names of the two files of a profile, in the clean folder.
const DATA: &str = "profile.json";
const PAGE: &str = "profile.html";

impl DataProfile {
    /// Describes the data set of `clean_dir`; the profile that an earlier run left there is the one
    /// before.
    ///
    /// # Errors
    /// A folder without a clean data set.
    pub fn of(clean_dir: &Path) -> Result<Self, AggregateError> {
        let path = clean_dir.join(Summary::FILE_NAME);
        let summary: Summary = read_json(&path)?
            .ok_or_else(|| AggregateError::unreadable(&path, "nothing was cleaned here yet"))?;

        let path = clean_dir.join("station_hours.parquet");
        let dataset = read_dataset(&path)
            .map_err(|error| AggregateError::unreadable(&path, error))?
            .table;

        // A profile that cannot be read any more is none: it only serves to compare.
        let earlier = read_json::<Self>(&clean_dir.join(DATA)).ok().flatten();
        Ok(Self::new(&dataset, summary).after(earlier))
    }

    fn new(dataset: &Dataset, summary: Summary) -> Self {
        Self {
            run_id: summary.run_id,
            first_hour: summary.first_hour,
            last_hour: summary.last_hour,
            rows: dataset.len() as u64,
            stations: dataset.conditions.stations.len() as u64,
            columns: columns(dataset),
            sources: summary.sources,
            previous: None,
        }
    }

    /// The same profile beside an earlier one; that of the same run gives way to the one before it.
    fn after(self, earlier: Option<Self>) -> Self {
        let is_same_run = earlier
            .as_ref()
            .is_some_and(|earlier| earlier.run_id == self.run_id);

        // One profile before is kept, not the whole chain of them.
        let alone = |earlier| {
            Box::new(Self {
                previous: None,
                ..earlier
            })
        };
        let previous = match earlier {
            Some(earlier) if is_same_run => earlier.previous,
            other => other.map(alone),
        };

        Self { previous, ..self }
    }

    /// Writes `profile.json` and `profile.html` in `clean_dir`.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn write(&self, clean_dir: &Path) -> Result<(), AggregateError> {
        let unwritable = |path: &Path, error: io::Error| AggregateError::unwritable(path, error);
        make_folder(clean_dir).map_err(|error| unwritable(clean_dir, error))?;
        let (data, page) = (clean_dir.join(DATA), clean_dir.join(PAGE));
        replace_file(&page, self.html()).map_err(|error| unwritable(&page, error))?;

        write_atomically(&data, |file| {
            serde_json::to_writer_pretty(file, self).map_err(io::Error::from)
        })
        .map_err(|error| unwritable(&data, error))
    }
}

fn columns(dataset: &Dataset) -> Vec<ColumnProfile> {
    let table = &dataset.conditions;
    let floats = |name, edges, values: &[f32]| {
        let values = values.iter().map(|value| Some(f64::from(*value)));
        ColumnProfile::new(
            name,
            edges,
            values.map(|value| value.filter(|value| value.is_finite())),
        )
    };
    let flags = |name, values: &[Option<bool>]| {
        let values = values
            .iter()
            .map(|value| value.map(u8::from).map(f64::from));
        ColumnProfile::new(name, Edges::FLAG, values)
    };

    let departures = dataset
        .departures
        .iter()
        .map(|&count| Some(f64::from(count)));
    let codes = table.weather_code.iter().map(|code| code.map(f64::from));
    let events = table.event_count.iter().map(|count| count.map(f64::from));
    let [temperature, apparent] = [&table.temperature_c, &table.apparent_temperature_c];

    vec![
        ColumnProfile::new("departures", Edges::COUNT, departures),
        floats("temperature_c", Edges::TEMPERATURE, temperature),
        floats("apparent_temperature_c", Edges::TEMPERATURE, apparent),
        floats(
            "relative_humidity_pct",
            Edges::HUMIDITY,
            &table.relative_humidity_pct,
        ),
        floats("wind_speed_kmh", Edges::WIND, &table.wind_speed_kmh),
        floats("precipitation_mm", Edges::RAIN, &table.precipitation_mm),
        ColumnProfile::new("weather_code", Edges::CODE, codes),
        flags("is_public_holiday", &table.is_public_holiday),
        flags("is_school_holiday", &table.is_school_holiday),
        ColumnProfile::new("event_count", Edges::EVENTS, events),
    ]
}

#[cfg(test)]
mod tests;
