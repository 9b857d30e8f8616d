//! The rules, one after the other.

use std::ops::{BitAnd, Not};

use polars::prelude::{BooleanChunked, ChunkFull, DataFrame, IntoLazy, PolarsResult, lit};

use crate::AggregateError;
use crate::ledger::{Ledger, count_by_source};
use crate::rules::{Action, Fault, Judge, Known, Rule, found_trips};

/// Applies the rules in order: each judges what those before it kept. What is kept and what is set aside
/// must be, at the end, what was given.
pub(crate) fn clean(
    frame: DataFrame,
    rules: &[Rule],
    known: &Known,
    ledger: &mut Ledger,
) -> Result<DataFrame, AggregateError> {
    let read = frame.height();
    let (mut kept, mut rejected) = (frame, 0);
    let judge_rows = |rule: &Rule| matches!(rule.judge, Judge::Row(_));
    for rules in rules.chunk_by(|one, next| judge_rows(one) && judge_rows(next)) {
        let cleaning = Cleaning { known, ledger };
        let (frame, set_aside) = cleaning.apply(kept, rules).map_err(AggregateError::engine(rules[0].name))?;
        kept = frame;
        rejected += set_aside;
    }
    check(read, kept.height(), rejected)?;
    for (source, rows) in count_by_source(&kept).map_err(AggregateError::engine("count"))? {
        ledger.keep(&source, rows);
    }
    Ok(kept)
}

/// What the rules of one frame share.
struct Cleaning<'a> {
    known: &'a Known,
    ledger: &'a mut Ledger,
}

impl Cleaning<'_> {
    /// Applies one rule, or several that each judge single rows; answers what goes on and how many rows do not.
    fn apply(self, frame: DataFrame, rules: &[Rule]) -> PolarsResult<(DataFrame, usize)> {
        match rules[0].judge {
            Judge::Row(_) => self.set_aside(frame, rules),
            Judge::Frame(apply) => {
                let split = apply(frame.clone().lazy(), self.known)?;
                let found = split.found.collect()?;
                if found.height() == 0 {
                    return Ok((frame, 0));
                }
                let rejected = if rules[0].action == Action::Rejected { found.height() } else { 0 };
                self.ledger.add_found(&rules[0], found)?;
                Ok((split.frame.collect()?, rejected))
            }
        }
    }

    /// Finds the faults of all rows at once and copies the rows once: a row is told of by the first rule that finds it.
    fn set_aside(self, frame: DataFrame, rules: &[Rule]) -> PolarsResult<(DataFrame, usize)> {
        let mut faults = Vec::new();
        for rule in rules {
            if let Judge::Row(fault) = rule.judge {
                faults.push((rule, fault(&frame, self.known)?));
            }
        }
        let holds = faults.iter().map(|(rule, fault)| fault.holds.clone().fill_null(lit(false)).alias(rule.code));
        let masks = frame.clone().lazy().select(holds.collect::<Vec<_>>()).collect()?;
        let mut free = BooleanChunked::full("free".into(), true, frame.height());
        for (rule, Fault { detail, .. }) in faults {
            let found = masks.column(rule.code)?.bool()?.bitand(&free);
            if found.any() {
                self.ledger.add_found(rule, found_trips(frame.filter(&found)?.lazy(), detail).collect()?)?;
                free = free.bitand(found.not());
            }
        }
        let kept = if free.all() { frame.clone() } else { frame.filter(&free)? };
        let rejected = frame.height() - kept.height();
        Ok((kept, rejected))
    }
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
