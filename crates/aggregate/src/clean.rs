//! The rules, one after the other.

use std::ops::{BitAnd, Not};

use polars::prelude::{BooleanChunked, ChunkFull, DataFrame, IntoLazy, PolarsResult, lit};

use crate::AggregateError;
use crate::ledger::{Ledger, count_by_source};
use crate::rules::{Action, Fault, Judge, Known, Rule, found_trips};

/// Applies the rules in order: each judges what those before it kept. What is kept and what is set
/// aside must be, at the end, what was given.
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
        let engine = AggregateError::engine(rules[0].name);
        let outcome = apply(kept, rules, known).map_err(&engine)?;
        kept = outcome.kept;

        for (rule, found) in outcome.found {
            rejected += if rule.action == Action::Rejected {
                found.height()
            } else {
                0
            };
            ledger.add_found(rule, found).map_err(&engine)?;
        }
    }

    check(read, kept.height(), rejected)?;
    for (source, rows) in count_by_source(&kept).map_err(AggregateError::engine("count"))? {
        ledger.keep(&source, rows);
    }
    Ok(kept)
}

/// What rules make of a frame.
struct Outcome<'a> {
    /// The rows that go on, repaired or not.
    kept: DataFrame,
    /// What each rule that found something found.
    found: Vec<(&'a Rule, DataFrame)>,
}

/// Applies one rule, or several that each judge single rows.
fn apply<'a>(frame: DataFrame, rules: &'a [Rule], known: &Known) -> PolarsResult<Outcome<'a>> {
    match rules[0].judge {
        Judge::Row(_) => set_aside(frame, rules, known),
        Judge::Frame(judge) => {
            let split = judge(frame.clone().lazy(), known)?;
            let found = split.found.collect()?;
            match found.height() {
                0 => Ok(Outcome {
                    kept: frame,
                    found: Vec::new(),
                }),
                _ => Ok(Outcome {
                    kept: split.frame.collect()?,
                    found: vec![(&rules[0], found)],
                }),
            }
        }
    }
}

/// Finds the faults of all rows at once and copies the rows once: a row is told of by the first
/// rule that finds it.
fn set_aside<'a>(frame: DataFrame, rules: &'a [Rule], known: &Known) -> PolarsResult<Outcome<'a>> {
    let mut faults = Vec::new();

    for rule in rules {
        if let Judge::Row(fault) = rule.judge {
            faults.push((rule, fault(&frame, known)?));
        }
    }

    let holds = faults
        .iter()
        .map(|(rule, fault)| fault.holds.clone().fill_null(lit(false)).alias(rule.code));
    let masks = frame
        .clone()
        .lazy()
        .select(holds.collect::<Vec<_>>())
        .collect()?;

    let mut free = BooleanChunked::full("free".into(), true, frame.height());
    let mut found = Vec::new();

    for (rule, Fault { detail, .. }) in faults {
        let mask = masks.column(rule.code)?.bool()?.bitand(&free);
        if mask.any() {
            found.push((
                rule,
                found_trips(frame.filter(&mask)?.lazy(), detail).collect()?,
            ));
            free = free.bitand(mask.not());
        }
    }

    let kept = if free.all() {
        frame
    } else {
        frame.filter(&free)?
    };
    Ok(Outcome { kept, found })
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
