//! Drift computed by a function of the submission: its name says so, and its body has the
//! statistics.

use super::context::TreeContext;
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::Function;

/// Least number of statistics of a function that computes drift: one may stand in any code.
const STATISTICS: usize = 2;

pub(super) fn facts(context: &TreeContext) -> Vec<Fact> {
    let mut found = Vec::new();

    for (at, module) in context.corpus.sources() {
        for (index, function) in module.functions.iter().enumerate() {
            if computes_drift(function) {
                let what = format!("dérive calculée par `{}`", function.name);
                let is_tested = context.reached.by_tests.contains_key(&(at, index));
                let fact = module.function_fact(FactKind::Drift, function, what);
                found.push(fact.exercised(is_tested));
            }
        }
    }

    found
}

fn computes_drift(function: &Function) -> bool {
    let words = &CODE.drift;
    let name = function.name.to_ascii_lowercase();
    let statistics = words.computes.iter();

    name.split('_').any(|part| words.names.has(part))
        && statistics.filter(|one| function.has_call(one)).count() >= STATISTICS
}
