//! The rules, one after the other.

use polars::prelude::{DataFrame, IntoLazy};

use crate::AggregateError;
use crate::ledger::{Ledger, count_by_source};
use crate::rules::{Action, Known, Rule};

/// Applies the rules in order. After each one, what it kept and what it set aside must be what it was given.
pub(crate) fn clean(
    mut frame: DataFrame,
    rules: &[Rule],
    known: &Known,
    ledger: &mut Ledger,
) -> Result<DataFrame, AggregateError> {
    for rule in rules {
        let read = frame.height();
        let apply = |frame: DataFrame| {
            let split = (rule.apply)(frame.clone().lazy(), known)?;
            let found = split.found.collect()?;
            // Most rules find nothing most of the time: the frame is then not copied.
            let kept = if found.height() == 0 { frame } else { split.frame.collect()? };
            Ok((kept, found))
        };
        let (kept, found) = apply(frame).map_err(AggregateError::engine(rule.name))?;
        let rejected = if rule.action == Action::Rejected { found.height() } else { 0 };
        if kept.height() + rejected != read {
            let [read, kept, rejected] = [read, kept.height(), rejected].map(|rows| rows as u64);
            return Err(AggregateError::Inconsistent { step: rule.name.to_owned(), read, kept, rejected });
        }
        ledger.add_found(rule, found).map_err(AggregateError::engine(rule.name))?;
        frame = kept;
    }
    for (source, rows) in count_by_source(&frame).map_err(AggregateError::engine("count"))? {
        ledger.keep(&source, rows);
    }
    Ok(frame)
}
