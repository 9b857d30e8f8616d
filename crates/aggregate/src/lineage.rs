//! From one station-hour back to the rows it was counted from.

use std::collections::BTreeMap;
use std::path::Path;

use filrouge_types::{Hour, StationId};
use polars::prelude::{DataFrame, IntoLazy, PolarsResult, SortMultipleOptions, col, lit};
use serde::Serialize;

use crate::clean::clean;
use crate::ledger::Ledger;
use crate::receive::receive;
use crate::rules::TRIP_RULES;
use crate::run::{Options, trip_files};
use crate::stations::Register;
use crate::trips::Trips;
use crate::{AggregateError, Rule, rules};

/// What a station-hour was counted from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lineage {
    /// The rows of trips that begin at this station during this hour, in the order of files and
    /// lines.
    pub trips: Vec<TripOrigin>,
}

/// One row of trips as received, and what the rules made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TripOrigin {
    /// The source that gave it: `lake` or `file`.
    pub source: String,
    /// The file, by its name.
    pub source_file: String,
    /// The line, header included, from 1.
    pub source_line: u32,
    /// Whether it is counted.
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
    let engine = AggregateError::engine("lineage");
    let read = Trips::open(&files)?.rows_of(hour)?;
    let read = receive(read, &register.aliases(), &mut ledger).map_err(&engine)?;
    let here = at_station(read.clone(), station).map_err(&engine)?;

    let kept = at_station(
        clean(read, &TRIP_RULES, &register.known(), &mut ledger)?,
        station,
    )
    .map_err(&engine)?;
    let origins = || -> PolarsResult<Lineage> { join(&here, &kept, &ledger.rejects()?) };

    origins().map_err(engine)
}

fn at_station(trips: DataFrame, station: &StationId) -> PolarsResult<DataFrame> {
    let order = ["source", "source_file", "source_line"];
    let here = trips
        .lazy()
        .filter(col("start_station_id").eq(lit(station.as_str())));
    here.select(order.map(col))
        .sort(order, SortMultipleOptions::default())
        .collect()
}

type Row = (String, String, u32);

fn join(here: &DataFrame, kept: &DataFrame, found: &DataFrame) -> PolarsResult<Lineage> {
    let codes = found
        .column("code")?
        .str()?
        .iter()
        .map(|code| code.unwrap_or_default().to_owned());
    let found: BTreeMap<Row, String> = rows(found)?.into_iter().zip(codes).collect();
    let kept = rows(kept)?;

    let origin = |row: Row| {
        let rule = found.get(&row).cloned();
        let is_kept = kept.contains(&row);
        let (source, source_file, source_line) = row;

        TripOrigin {
            source,
            source_file,
            source_line,
            is_kept,
            rule,
        }
    };

    Ok(Lineage {
        trips: rows(here)?.into_iter().map(origin).collect(),
    })
}

fn rows(frame: &DataFrame) -> PolarsResult<Vec<Row>> {
    let [sources, files] = ["source", "source_file"]
        .map(|name| frame.column(name).and_then(|column| column.str().cloned()));
    let lines = frame.column("source_line")?.u32()?;
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let (sources, files) = (sources?, files?);
    let names = sources
        .iter()
        .zip(files.iter())
        .map(|(source, file)| (text(source), text(file)));

    Ok(names
        .zip(lines.iter())
        .map(|((source, file), line)| (source, file, line.unwrap_or(0)))
        .collect())
}

impl TripOrigin {
    /// The rule that found the row.
    pub fn found_by(&self) -> Option<Rule> {
        let code = self.rule.as_deref()?;
        rules().into_iter().find(|rule| rule.code == code)
    }
}
