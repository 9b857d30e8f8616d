//! What is done with rows before they are judged: each counts once, and bears the identifier of its
//! station.

use polars::prelude::{
    DataFrame, IntoLazy, JoinArgs, JoinType, PolarsResult, SortMultipleOptions, UniqueKeepStrategy,
    by_name, col,
};

use crate::identity::Aliases;
use crate::ledger::{Ledger, count_by_source};
use crate::trips::{PUBLISHED_COLUMNS, ROW};

/// The rows to judge: each once, which is noted as read, with the identifiers of the stations.
pub(crate) fn receive(
    rows: DataFrame,
    aliases: &Aliases,
    ledger: &mut Ledger,
) -> PolarsResult<DataFrame> {
    let rows = without_repeated(rows, ledger)?;
    for (source, rows) in count_by_source(&rows)? {
        ledger.read(&source, rows);
    }
    aliases.apply(rows, ledger)
}

/// The rows without those that are an earlier row again: same file, same line, same content.
fn without_repeated(rows: DataFrame, ledger: &mut Ledger) -> PolarsResult<DataFrame> {
    let repeated = repeated(&rows)?;
    if repeated.height() == 0 {
        return Ok(rows);
    }

    for (source, rows) in count_by_source(&repeated)? {
        ledger.repeat(&source, rows);
    }

    let numbers = repeated.lazy().select([col(ROW)]);

    rows.lazy()
        .join(
            numbers,
            [col(ROW)],
            [col(ROW)],
            JoinArgs::new(JoinType::Anti),
        )
        .collect()
}

fn repeated(rows: &DataFrame) -> PolarsResult<DataFrame> {
    // Files are opened in the order of `SOURCES`, and rows are numbered in that order.
    let sorted = rows
        .clone()
        .lazy()
        .sort([ROW], SortMultipleOptions::default());
    let same = PUBLISHED_COLUMNS
        .into_iter()
        .chain(["source_file", "source_line"]);

    let firsts = sorted
        .clone()
        .unique_stable(Some(by_name(same, true, false)), UniqueKeepStrategy::First);

    sorted
        .join(
            firsts.select([col(ROW)]),
            [col(ROW)],
            [col(ROW)],
            JoinArgs::new(JoinType::Anti),
        )
        .collect()
}

#[cfg(test)]
mod tests;
