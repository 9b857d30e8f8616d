//! From one station-hour back to the rows it was counted from.

use std::path::Path;

use filrouge_types::{Hour, StationId};
use serde::Serialize;

use crate::clean::{JudgedTrip, judge};
use crate::identity::StationResolver;
use crate::ledger::Ledger;
use crate::received::receive;
use crate::rules::TRIP_RULES;
use crate::run::{Options, trip_files};
use crate::stations::Register;
use crate::trip::ReceivedColumns;
use crate::trips::Trips;
use crate::{AggregateError, CleaningRule, rules};

/// The origin of a station-hour.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lineage {
    /// The rows of trips that begin at this station during this hour, in the order of files and
    /// lines.
    pub trips: Vec<TripOrigin>,
}

/// One row of trips as received, and its fate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TripOrigin {
    /// The source that gave it: `lake` or `file`.
    pub source: String,
    /// The file, by its name.
    pub source_file: String,
    /// The line, header included, from 1.
    pub source_line: u32,
    /// It is counted.
    pub is_kept: bool,
    /// The code of the rule that found it, when one did: `R01`.
    pub rule: Option<String>,
}

impl Lineage {
    /// The departures of the hour.
    pub fn departures(&self) -> usize {
        self.trips.iter().filter(|trip| trip.is_kept).count()
    }
}

/// The rows of the run in `run_dir` that begin at `station` during `hour`. The very rules of the
/// aggregation judge them again, on the rows of this hour alone: none looks further.
///
/// # Errors
/// A run without trips, or with damaged ones.
pub fn lineage(
    run_dir: &Path,
    station: &StationId,
    hour: Hour,
    options: &Options,
) -> Result<Lineage, AggregateError> {
    let mut ledger = Ledger::default();
    let (files, _) = trip_files(run_dir)?;
    let (register, _) = Register::read(run_dir, options.time_zone, &mut ledger)?;
    let (known, aliases) = (register.known(), register.aliases());

    let rows = Trips::open(&files)?.rows_of(hour)?;
    let columns = ReceivedColumns::of(&rows).map_err(AggregateError::engine("lineage"))?;
    let mut stations = StationResolver::new(&known, &aliases);
    let received = receive(&columns, &mut stations, &mut ledger);

    let judged = judge(received, TRIP_RULES);
    let here = judged
        .iter()
        .filter(|trip| trip.trip().start_station.id == Some(station.as_str()));
    let mut trips: Vec<TripOrigin> = here.map(TripOrigin::of).collect();
    // Judged by files and lines; shown by sources first.
    trips.sort();

    Ok(Lineage { trips })
}

impl TripOrigin {
    fn of(trip: &JudgedTrip) -> Self {
        Self {
            source: trip.received.source.to_owned(),
            source_file: trip.received.source_file.to_owned(),
            source_line: trip.received.source_line,
            is_kept: trip.is_kept,
            // The last one decided: a rule that sets a trip aside ends its way.
            rule: trip.findings.last().map(|(rule, _)| rule.code.to_owned()),
        }
    }

    /// The rule that found the row.
    pub fn found_by(&self) -> Option<&'static CleaningRule> {
        let code = self.rule.as_deref()?;
        rules().find(|rule| rule.code == code)
    }
}
