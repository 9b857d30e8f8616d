//! Comparisons of the data set with the sources that give it no column: the city's counters and the
//! operator's interventions. They change no row: a person reads them.

mod counters;
mod maintenance;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use serde::{Deserialize, Serialize};

use crate::AggregateError;

pub use counters::CounterCheck;
pub use maintenance::{HourShare, MaintenanceCheck};

/// The verdict of the counters and of the interventions of a run on its data set. Its display is in
/// French.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CrossChecks {
    /// Departures of the system beside the bicycles that the city counted, day by day.
    pub counters: Option<CounterCheck>,
    /// Hours without a departure, during interventions and outside of them.
    pub maintenance: Option<MaintenanceCheck>,
}

impl CrossChecks {
    /// Compares a data set with the files of its run; `None` for those that are absent.
    pub(crate) fn of(
        run_dir: &Path,
        dataset: &Dataset,
        time_zone: Tz,
    ) -> Result<Self, AggregateError> {
        let counters = counters::read(&run_dir.join("file/counters.jsonl"))?;
        let interventions = maintenance::read(&run_dir.join("sql/maintenance.jsonl"))?;

        Ok(Self {
            counters: counters.map(|counted| CounterCheck::new(dataset, &counted, time_zone)),
            maintenance: interventions.map(|all| MaintenanceCheck::new(dataset, &all)),
        })
    }
}

impl fmt::Display for CrossChecks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(counters) = &self.counters {
            writeln!(f, "{counters}")?;
        }
        if let Some(maintenance) = &self.maintenance {
            writeln!(f, "{maintenance}")?;
        }
        Ok(())
    }
}
