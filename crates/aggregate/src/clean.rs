//! The rules, one after the other.

use polars::prelude::{DataFrame, IntoLazy};

use crate::AggregateError;
use crate::ledger::{Ledger, count_by_source};
use crate::rules::{Action, Known, Rule};

/// Applies the rules in order: each judges what those before it kept. What is kept and what is set aside
/// must be, at the end, what was given.
pub(crate) fn clean(
    frame: DataFrame,
    rules: &[Rule],
    known: &Known,
    ledger: &mut Ledger,
) -> Result<DataFrame, AggregateError> {
    let (read, mut rejected) = (frame.height(), 0);
    // The plan grows rule by rule; the rows themselves are copied once, at the end.
    let mut plan = frame.lazy();
    for rule in rules {
        let engine = AggregateError::engine(rule.name);
        let split = (rule.apply)(plan, known).map_err(&engine)?;
        let found = split.found.collect().map_err(&engine)?;
        rejected += if rule.action == Action::Rejected { found.height() } else { 0 };
        ledger.add_found(rule, found).map_err(&engine)?;
        plan = split.frame;
    }
    let kept = plan.collect().map_err(AggregateError::engine("rules"))?;
    check(read, kept.height(), rejected)?;
    for (source, rows) in count_by_source(&kept).map_err(AggregateError::engine("count"))? {
        ledger.keep(&source, rows);
    }
    Ok(kept)
}

fn check(read: usize, kept: usize, rejected: usize) -> Result<(), AggregateError> {
    let [rows_read, rows_kept, rows_rejected] = [read, kept, rejected].map(|rows| rows as u64);
    match kept + rejected == read {
        true => Ok(()),
        false => Err(AggregateError::Inconsistent {
            step: "rules".to_owned(),
            read: rows_read,
            kept: rows_kept,
            rejected: rows_rejected,
        }),
    }
}
