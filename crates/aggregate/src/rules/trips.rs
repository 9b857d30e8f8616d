use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, NamedFrom, PolarsResult, Series,
    SortMultipleOptions, UniqueKeepStrategy, by_name, coalesce, col, lit,
};

use super::{Fault, Known, Split, found_trips, told};
use crate::text;
use crate::trips::{PUBLISHED_COLUMNS, ROW};

const MICROSECONDS_A_SECOND: i64 = 1_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// The beginning of the year, microseconds: clocks that were never set show 1970, and 1900 or 9999 stand for nothing.
const YEAR_1990: i64 = 631_152_000 * MICROSECONDS_A_SECOND;
const YEAR_2100: i64 = 4_102_444_800 * MICROSECONDS_A_SECOND;

/// R06.
pub(super) fn unreadable_instant(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    let instant = col("started_at").cast(DataType::Int64);
    let holds = instant.clone().is_null().or(instant.clone().lt(lit(YEAR_1990))).or(instant.gt_eq(lit(YEAR_2100)));
    Ok(Fault { holds, detail: told("started_at", col("started_at").dt().to_string("%Y-%m-%d")) })
}

/// R05.
pub(super) fn missing_station(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    let holds = col("start_station_id").fill_null(lit("")).eq(lit(""));
    Ok(Fault { holds, detail: told("start_station_id", lit("")) })
}

/// R04.
pub(super) fn unknown_station(frame: &DataFrame, known: &Known) -> PolarsResult<Fault> {
    let stations = match &known.stations {
        Some(stations) => stations.clone(),
        None => valid_stations(frame)?,
    };
    let holds = col("start_station_id").is_in(lit(stations).implode(false), false).not();
    Ok(Fault { holds, detail: told("start_station_id", col("start_station_id")) })
}

/// R02.
pub(super) fn negative_duration(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    Ok(Fault { holds: seconds().lt(lit(0)), detail: told("seconds", seconds()) })
}

/// R03.
pub(super) fn excessive_duration(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    Ok(Fault { holds: seconds().gt(lit(SECONDS_A_DAY)), detail: told("seconds", seconds()) })
}

/// R01. Copies share their start: only rows that do so are compared in full.
pub(super) fn duplicate_trip(frame: LazyFrame, _: &Known) -> PolarsResult<Split> {
    let suspects = sharing_a_start(frame.clone()).collect()?;
    let has_id = col("trip_id").is_not_null();
    let identified =
        copies(suspects.clone().lazy().filter(has_id.clone()), &["trip_id", "started_at", "start_station_id"])?;
    let anonymous = copies(suspects.lazy().filter(has_id.not()), &PUBLISHED_COLUMNS)?;
    let copies = identified.vstack(&anonymous)?;
    if copies.height() == 0 {
        return Split::nothing_found(frame);
    }
    let rows = copies.select([ROW])?.lazy();
    Ok(Split {
        frame: frame.join(rows, [col(ROW)], [col(ROW)], JoinArgs::new(JoinType::Anti)),
        found: found_trips(copies.lazy(), told("trip_id", col("trip_id"))),
    })
}

/// R07. Names are few: each is looked at once.
pub(super) fn wrong_encoding(frame: LazyFrame, _: &Known) -> PolarsResult<Split> {
    let names = frame.clone().select([col("start_station_name")]).unique(None, UniqueKeepStrategy::Any).collect()?;
    let names = names.column("start_station_name")?.str()?.iter().flatten().map(str::to_owned).collect::<Vec<_>>();
    let (wrong, meant): (Vec<_>, Vec<_>) =
        names.into_iter().filter_map(|name| text::repaired_encoding(&name).map(|meant| (name, meant))).unzip();
    if wrong.is_empty() {
        return Split::nothing_found(frame);
    }
    let wrong = Series::new("start_station_name".into(), wrong);
    let repairs = DataFrame::new_infer_height(vec![wrong.into(), Series::new("meant".into(), meant).into()])?.lazy();
    let on = [col("start_station_name")];
    let joined = frame.join(repairs, on.clone(), on, JoinArgs::new(JoinType::Left));
    let found = joined.clone().filter(col("meant").is_not_null());
    let repaired = coalesce(&[col("meant"), col("start_station_name")]).alias("start_station_name");
    Ok(Split {
        frame: joined.with_column(repaired).drop(by_name(["meant"], true, false)),
        found: found_trips(found, told("start_station_name", col("start_station_name"))),
    })
}

/// The rows that began at the same instant as another one.
pub(crate) fn sharing_a_start(frame: LazyFrame) -> LazyFrame {
    frame.filter(col("started_at").is_duplicated())
}

/// The rows whose `keys` equal those of an earlier row, in the order of files and lines.
fn copies(frame: LazyFrame, keys: &[&str]) -> PolarsResult<DataFrame> {
    let order = ["source_file", "source_line"].into_iter().chain(PUBLISHED_COLUMNS);
    let sorted = frame.sort(order.collect::<Vec<_>>(), SortMultipleOptions::default()).collect()?.lazy();
    let firsts =
        sorted.clone().unique_stable(Some(by_name(keys.iter().copied(), true, false)), UniqueKeepStrategy::First);
    sorted.join(firsts.select([col(ROW)]), [col(ROW)], [col(ROW)], JoinArgs::new(JoinType::Anti)).collect()
}

/// Seconds from start to end, as the instants say or else as published. Null when neither does.
fn seconds() -> Expr {
    let microseconds = |name: &str| col(name).cast(DataType::Int64);
    let elapsed = (microseconds("ended_at") - microseconds("started_at")).cast(DataType::Float64);
    coalesce(&[elapsed / lit(MICROSECONDS_A_SECOND), col("duration_seconds").cast(DataType::Float64)])
}

/// The identifiers seen as a start that can identify a station.
fn valid_stations(frame: &DataFrame) -> PolarsResult<Series> {
    let ids = frame.column("start_station_id")?.unique()?;
    let valid = ids.str()?.iter().flatten().filter(|id| id.parse::<filrouge_types::StationId>().is_ok());
    Ok(Series::new("known".into(), valid.map(str::to_owned).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests;
