//! Canonical trips, read in batches of whole weeks, so that memory is that of a batch and not of the history.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use filrouge_types::Hour;
use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, NULL, PlRefPath, PolarsResult, ScanArgsParquet,
    SortMultipleOptions, TimeUnit, TimeZone, UnionArgs, UniqueKeepStrategy, by_name, col, concat, len, lit,
};

use crate::AggregateError;
use crate::ledger::{Ledger, count_by_source};
use crate::rules::sharing_a_start;

/// The sources of trips, in the order in which a row that is in several is taken.
pub(crate) const SOURCES: [&str; 3] = ["lake", "file", "trips"];

/// What an operator publishes of a trip.
pub(crate) const PUBLISHED_COLUMNS: [&str; 13] = [
    "trip_id",
    "started_at",
    "ended_at",
    "start_station_id",
    "start_station_name",
    "end_station_id",
    "end_station_name",
    "start_latitude",
    "start_longitude",
    "end_latitude",
    "end_longitude",
    "duration_seconds",
    "rider_type",
];

/// Columns without which no rule can judge.
const REQUIRED_COLUMNS: [&str; 6] =
    ["started_at", "ended_at", "started_hour", "start_station_id", "source_file", "source_line"];

/// The number that a row has while its batch is cleaned.
pub(crate) const ROW: &str = "row";

/// Rows of a batch, about. Copies of a trip share their start, so they always share a batch.
const BATCH_ROWS: usize = 1 << 18;

const MICROSECONDS_A_WEEK: i64 = 7 * 86_400 * 1_000_000;

/// One Parquet file of canonical trips, and the source it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct TripFile {
    pub(crate) source: &'static str,
    pub(crate) path: PathBuf,
}

/// All the trips of a run, not read yet.
pub(crate) struct Trips {
    frame: LazyFrame,
    batch_rows: usize,
}

/// Some whole weeks, or the trips whose start is unreadable, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Batch {
    Unreadable,
    Weeks(Range<i64>),
    /// One hour: for looking back.
    Hour(Hour),
}

/// Instants of the frames: microseconds, UTC.
pub(crate) fn instant_type() -> DataType {
    DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
}

/// The hour of an instant of the frames, microseconds since 1970.
pub(crate) fn hour_of(microseconds: i64) -> Hour {
    const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;
    Hour::from_hours_since_epoch(microseconds.div_euclid(MICROSECONDS_AN_HOUR))
}

impl Trips {
    /// Opens the files and looks at their columns.
    pub(crate) fn open(files: &[TripFile]) -> Result<Self, AggregateError> {
        let frames = files.iter().map(scan).collect::<Result<Vec<_>, _>>()?;
        let frame = concat(frames, UnionArgs::default()).map_err(AggregateError::engine("trips"))?;
        Ok(Self { frame, batch_rows: BATCH_ROWS })
    }

    /// The same trips in batches of another size: nothing but memory depends on it.
    #[cfg(test)]
    pub(crate) fn in_batches_of(self, batch_rows: usize) -> Self {
        Self { batch_rows, ..self }
    }

    /// The batches, in the order of time.
    pub(crate) fn batches(&self) -> PolarsResult<Vec<Batch>> {
        let week = col("started_hour").cast(DataType::Int64).floor_div(lit(MICROSECONDS_A_WEEK)).alias("week");
        let counts = self
            .frame
            .clone()
            .group_by([week])
            .agg([len().cast(DataType::Int64).alias("rows")])
            .sort(["week"], SortMultipleOptions::default())
            .collect()?;
        let (weeks, rows) = (counts.column("week")?.i64()?.clone(), counts.column("rows")?.i64()?.clone());
        let counts = weeks.iter().zip(rows.iter().map(|rows| usize::try_from(rows.unwrap_or(0)).unwrap_or(0)));
        Ok(gather(counts, self.batch_rows))
    }

    /// The rows of a batch, numbered, each once: a row that two copies of a file hold is one row.
    pub(crate) fn read(&self, batch: &Batch, ledger: &mut Ledger) -> PolarsResult<DataFrame> {
        let hour = col("started_hour");
        let instant = |week: i64| lit(week * MICROSECONDS_A_WEEK).cast(instant_type());
        let filter = match batch {
            Batch::Unreadable => hour.is_null(),
            Batch::Hour(wanted) => hour.eq(lit(wanted.start().timestamp_micros()).cast(instant_type())),
            Batch::Weeks(weeks) => hour.clone().gt_eq(instant(weeks.start)).and(hour.lt(instant(weeks.end))),
        };
        let frame = self.frame.clone().filter(filter).collect()?.with_row_index(ROW.into(), None)?;
        let frame = without_repeated(frame, ledger)?;
        for (source, rows) in count_by_source(&frame)? {
            ledger.read(&source, rows);
        }
        Ok(frame)
    }
}

/// The rows without those that are an earlier row again: same file, same line, same content.
fn without_repeated(frame: DataFrame, ledger: &mut Ledger) -> PolarsResult<DataFrame> {
    let repeated = repeated(&frame)?;
    if repeated.height() == 0 {
        return Ok(frame);
    }
    for (source, rows) in count_by_source(&repeated)? {
        ledger.repeat(&source, rows);
    }
    let rows = repeated.lazy().select([col(ROW)]);
    frame.lazy().join(rows, [col(ROW)], [col(ROW)], JoinArgs::new(JoinType::Anti)).collect()
}

fn repeated(frame: &DataFrame) -> PolarsResult<DataFrame> {
    let suspects = sharing_a_start(frame.clone().lazy()).collect()?.lazy();
    // Files are opened in the order of `SOURCES`, and rows are numbered in that order.
    let sorted = suspects.sort([ROW], SortMultipleOptions::default());
    let same = PUBLISHED_COLUMNS.into_iter().chain(["source_file", "source_line"]);
    let firsts = sorted.clone().unique_stable(Some(by_name(same, true, false)), UniqueKeepStrategy::First);
    sorted.join(firsts.select([col(ROW)]), [col(ROW)], [col(ROW)], JoinArgs::new(JoinType::Anti)).collect()
}

/// Joins weeks until they hold enough rows.
fn gather(counts: impl Iterator<Item = (Option<i64>, usize)>, batch_rows: usize) -> Vec<Batch> {
    let mut batches = Vec::new();
    let mut open: Option<(Range<i64>, usize)> = None;
    for (week, rows) in counts {
        let Some(week) = week else {
            batches.push(Batch::Unreadable);
            continue;
        };
        open = match open {
            Some((weeks, held)) if held + rows <= batch_rows => Some((weeks.start..week + 1, held + rows)),
            Some((weeks, _)) => {
                batches.push(Batch::Weeks(weeks));
                Some((week..week + 1, rows))
            }
            None => Some((week..week + 1, rows)),
        };
    }
    batches.extend(open.map(|(weeks, _)| Batch::Weeks(weeks)));
    batches
}

fn scan(file: &TripFile) -> Result<LazyFrame, AggregateError> {
    let unreadable = |error: &dyn ToString| AggregateError::unreadable(&file.path, error.to_string());
    let path = file.path.to_str().ok_or_else(|| unreadable(&"its path is not UTF-8"))?;
    let scan = || {
        let mut frame = LazyFrame::scan_parquet(PlRefPath::new(path), ScanArgsParquet::default())?;
        let schema = frame.collect_schema()?;
        PolarsResult::Ok((frame, schema))
    };
    let (frame, schema) = scan().map_err(|error| unreadable(&error))?;
    let found: BTreeMap<&str, DataType> = schema.iter().map(|(name, dtype)| (name.as_str(), dtype.clone())).collect();
    let mut columns = canonical_columns(&file.path, &found)?;
    columns.push(lit(file.source).alias("source"));
    Ok(frame.select(columns))
}

/// The canonical columns in their types; those that no rule needs may be absent.
fn canonical_columns(path: &Path, found: &BTreeMap<&str, DataType>) -> Result<Vec<Expr>, AggregateError> {
    let names = PUBLISHED_COLUMNS.into_iter().chain(["started_hour", "source_file", "source_line"]);
    let column = |name: &'static str| match found.get(name) {
        Some(dtype) if *dtype == type_of(name) => Ok(col(name)),
        Some(_) => Ok(col(name).strict_cast(type_of(name))),
        None if REQUIRED_COLUMNS.contains(&name) => {
            Err(AggregateError::MissingColumn { path: path.to_owned(), column: name })
        }
        None => Ok(lit(NULL).cast(type_of(name)).alias(name)),
    };
    names.map(column).collect()
}

fn type_of(column: &str) -> DataType {
    match column {
        "started_at" | "ended_at" | "started_hour" => instant_type(),
        "start_latitude" | "start_longitude" | "end_latitude" | "end_longitude" => DataType::Float64,
        "duration_seconds" => DataType::Int64,
        "source_line" => DataType::UInt32,
        _ => DataType::String,
    }
}

#[cfg(test)]
pub(crate) mod tests;
