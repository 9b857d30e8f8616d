use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, NamedFrom, PolarsResult,
    Series, SortMultipleOptions, UniqueKeepStrategy, by_name, coalesce, col, lit,
};

use super::{Fault, Known, Split, found_trips, told};
use crate::text;
use crate::trips::{PUBLISHED_COLUMNS, ROW, SECOND};

/// The beginning of 1990, microseconds: clocks that were never set show 1970, and 1900 or 9999
/// stand for nothing.
pub(crate) const EARLIEST_START: i64 = 631_152_000 * SECOND;
/// The beginning of 2100, the first instant that is too late.
pub(crate) const LATEST_START: i64 = 4_102_444_800 * SECOND;

/// A day.
pub(crate) const LONGEST_SECONDS: i64 = 86_400;

/// R06.
pub(super) fn unreadable_instant(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    let instant = col("started_at").cast(DataType::Int64);
    let holds = instant
        .clone()
        .is_null()
        .or(instant.clone().lt(lit(EARLIEST_START)))
        .or(instant.gt_eq(lit(LATEST_START)));
    Ok(Fault {
        holds,
        detail: told("started_at", col("started_at").dt().to_string("%Y-%m-%d")),
    })
}

/// R05.
pub(super) fn missing_station(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    let holds = col("start_station_id").fill_null(lit("")).eq(lit(""));
    Ok(Fault {
        holds,
        detail: told("start_station_id", lit("")),
    })
}

/// R04. Identifiers are few: each is looked up once.
pub(super) fn unknown_station(frame: &DataFrame, known: &Known) -> PolarsResult<Fault> {
    let ids = frame.column("start_station_id")?.unique()?;
    let accepted = ids
        .str()?
        .iter()
        .flatten()
        .filter(|id| known.accepts(id))
        .map(str::to_owned);

    let accepted = Series::new("accepted".into(), accepted.collect::<Vec<_>>());
    let holds = col("start_station_id")
        .is_in(lit(accepted).implode(false), false)
        .not();

    Ok(Fault {
        holds,
        detail: told("start_station_id", col("start_station_id")),
    })
}

/// R02.
pub(super) fn negative_duration(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    Ok(Fault {
        holds: seconds().lt(lit(0)),
        detail: told("seconds", seconds()),
    })
}

/// R03.
pub(super) fn excessive_duration(_: &DataFrame, _: &Known) -> PolarsResult<Fault> {
    Ok(Fault {
        holds: seconds().gt(lit(LONGEST_SECONDS)),
        detail: told("seconds", seconds()),
    })
}

/// R01.
pub(super) fn duplicate_trip(frame: LazyFrame, _: &Known) -> PolarsResult<Split> {
    let has_id = col("trip_id").is_not_null();
    let identified = copies(
        frame.clone().filter(has_id.clone()),
        &["trip_id", "started_at", "start_station_id"],
    )?;
    let anonymous = copies(frame.clone().filter(has_id.not()), &PUBLISHED_COLUMNS)?;
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
    let names = frame
        .clone()
        .select([col("start_station_name")])
        .unique(None, UniqueKeepStrategy::Any)
        .collect()?;

    let names = names
        .column("start_station_name")?
        .str()?
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect::<Vec<_>>();

    let (wrong, meant): (Vec<_>, Vec<_>) = names
        .into_iter()
        .filter_map(|name| text::repaired_encoding(&name).map(|meant| (name, meant)))
        .unzip();

    if wrong.is_empty() {
        return Split::nothing_found(frame);
    }

    let wrong = Series::new("start_station_name".into(), wrong);
    let repairs = DataFrame::new_infer_height(vec![
        wrong.into(),
        Series::new("meant".into(), meant).into(),
    ])?
    .lazy();
    let on = [col("start_station_name")];

    let joined = frame.join(repairs, on.clone(), on, JoinArgs::new(JoinType::Left));
    let found = joined.clone().filter(col("meant").is_not_null());
    let repaired = coalesce(&[col("meant"), col("start_station_name")]).alias("start_station_name");

    Ok(Split {
        frame: joined
            .with_column(repaired)
            .drop(by_name(["meant"], true, false)),
        found: found_trips(found, told("start_station_name", col("start_station_name"))),
    })
}

/// The rows whose `keys` equal those of an earlier row, in the order of files and lines.
fn copies(frame: LazyFrame, keys: &[&str]) -> PolarsResult<DataFrame> {
    let order = ["source_file", "source_line"]
        .into_iter()
        .chain(PUBLISHED_COLUMNS);
    let sorted = frame
        .sort(order.collect::<Vec<_>>(), SortMultipleOptions::default())
        .collect()?
        .lazy();

    let firsts = sorted.clone().unique_stable(
        Some(by_name(keys.iter().copied(), true, false)),
        UniqueKeepStrategy::First,
    );

    sorted
        .join(
            firsts.select([col(ROW)]),
            [col(ROW)],
            [col(ROW)],
            JoinArgs::new(JoinType::Anti),
        )
        .collect()
}

/// Seconds from start to end, as the instants say or else as published. Null when neither does.
fn seconds() -> Expr {
    let microseconds = |name: &str| col(name).cast(DataType::Int64);
    let elapsed = (microseconds("ended_at") - microseconds("started_at")).cast(DataType::Float64);
    coalesce(&[
        elapsed / lit(SECOND),
        col("duration_seconds").cast(DataType::Float64),
    ])
}

#[cfg(test)]
mod tests;
