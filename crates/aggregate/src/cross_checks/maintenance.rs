//! The operator's interventions: periods in which a technician was expected at a station.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use chrono::{DateTime, Utc};
use filrouge_dataset::Dataset;
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::AggregateError;
use crate::source::read_json_lines;

/// Hours without a departure, during interventions and outside of them. A share much larger during
/// interventions means that they close the station: its zeros are then no lack of demand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaintenanceCheck {
    /// Interventions of the stations of the data set.
    pub interventions: u64,
    /// Station-hours that an intervention covers whole.
    pub during: HourShare,
    /// All others.
    pub outside: HourShare,
}

/// Station-hours, and those of them without a departure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourShare {
    /// Rows of the data set.
    pub hours: u64,
    /// Of these, rows with zero departures.
    pub without_departure: u64,
}

/// A line of the extraction query.
#[derive(Deserialize)]
struct Record {
    station_id: Option<String>,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

/// A period at a station.
pub(super) struct Intervention {
    station_id: String,
    started_at: DateTime<Utc>,
    /// `None` while it lasts.
    ended_at: Option<DateTime<Utc>>,
}

/// The interventions of a run, or `None` when it has none. One without a station or a beginning
/// covers no hour.
pub(super) fn read(path: &Path) -> Result<Option<Vec<Intervention>>, AggregateError> {
    let intervention = |record: Record| {
        Some(Intervention {
            station_id: record.station_id?,
            started_at: record.started_at?,
            ended_at: record.ended_at,
        })
    };
    let records = read_json_lines::<Record>(path)?;
    Ok(records.map(|records| records.into_iter().filter_map(intervention).collect()))
}

impl MaintenanceCheck {
    pub(super) fn new(dataset: &Dataset, interventions: &[Intervention]) -> Self {
        let mut check = Self::default();
        let covered = check.covered(dataset, interventions);

        let table = &dataset.conditions;
        let rows = table
            .station
            .iter()
            .zip(&table.hour)
            .zip(&dataset.departures);
        for ((station, hour), departures) in rows {
            let is_covered = covered.contains(&(*station, *hour));
            let share = if is_covered {
                &mut check.during
            } else {
                &mut check.outside
            };
            share.hours += 1;
            share.without_departure += u64::from(*departures == 0);
        }

        check
    }

    /// The hours of each station that interventions cover, within those of the data set.
    fn covered(
        &mut self,
        dataset: &Dataset,
        interventions: &[Intervention],
    ) -> HashSet<(u32, Hour)> {
        let table = &dataset.conditions;
        let mut covered = HashSet::new();
        let Some((&first, &last)) = table.hour.iter().min().zip(table.hour.iter().max()) else {
            return covered;
        };

        for intervention in interventions {
            let mut stations = (0..).zip(&table.stations);
            let found = stations.find(|(_, id)| id.as_str() == intervention.station_id);
            // A station that the data set does not know has no row.
            let Some((station, _)) = found else {
                continue;
            };

            self.interventions += 1;
            covered.extend(intervention.hours(first, last).map(|hour| (station, hour)));
        }

        covered
    }
}

impl Intervention {
    /// The whole hours of the intervention, from `first` to `last` at most.
    fn hours(&self, first: Hour, last: Hour) -> impl Iterator<Item = Hour> + use<> {
        let begun = Hour::containing(self.started_at);
        // An hour that it begins in the middle of is no whole hour of it.
        let begun = if begun.start() < self.started_at {
            begun + 1
        } else {
            begun
        };
        let ended = self
            .ended_at
            .map_or(last, |ended_at| Hour::containing(ended_at) - 1);

        let (from, to) = (begun.max(first), ended.min(last));
        (0..=to - from).map(move |step| from + step)
    }
}

impl HourShare {
    /// The share without a departure, in per cent.
    fn per_cent(self) -> f64 {
        self.without_departure as f64 / self.hours.max(1) as f64 * 100.0
    }
}

impl fmt::Display for MaintenanceCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            interventions,
            during,
            outside,
        } = self;

        let text = format!(
            "interventions : {interventions}, {} heures-stations, {:.1} % sans départ, contre {:.1} % en dehors",
            during.hours,
            during.per_cent(),
            outside.per_cent()
        );

        // The French decimal sign; the sentence has no other point.
        f.write_str(&text.replace('.', ","))
    }
}
