//! Drift detectors that compute no statistic.

use std::collections::BTreeSet;

use crate::call_graph::{FunctionId, Graph};
use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::lexicon::CODE;
use crate::model::{Finding, FindingKind};
use crate::module::{Function, Module};

pub(super) fn find(corpus: &Corpus, graph: &Graph) -> Vec<Finding> {
    let detectors = corpus.sources().flat_map(|(at, module)| {
        let functions = module.functions.iter().enumerate();
        functions
            .filter(|(_, function)| is_detector(function))
            // A library of drift that the file uses does the computing.
            .filter(|_| !module.has_fact(FactKind::Drift))
            .map(move |(index, function)| (module, function, (at, index)))
    });

    detectors
        .filter(|(_, _, id)| !is_honest(graph, *id))
        .map(|(module, function, _)| question(module, function))
        .collect()
}

fn is_detector(function: &Function) -> bool {
    let name = function.name.to_ascii_lowercase();
    (name.contains("drift") || name.contains("derive"))
        && CODE.drift.verbs.any_in(&name)
        && function.end > function.line
}

/// True when a function computes a statistic, or asks another program for one, and draws nothing.
fn is_honest(graph: &Graph, id: FunctionId) -> bool {
    let words = &CODE.drift;
    let reached = graph.reach(vec![id], &BTreeSet::new());
    let functions = || reached.iter().filter_map(|id| graph.function(*id));

    let computes = |one: &Function| {
        words.statistics.iter().any(|name| one.names.contains(name))
            || one.has_any_call(&words.statistics)
            || one.has_any_call(&words.delegates)
    };
    let draws = |one: &Function| one.names.contains("random") || one.names.contains("randint");
    functions().any(computes) && !functions().any(draws)
}

fn question(module: &Module, function: &Function) -> Finding {
    let question = format!(
        "« {} » annonce une dérive : quelle statistique compare-t-elle, et à quel seuil ?",
        function.name
    );
    Finding::new(
        FindingKind::DriftWithoutStatistic,
        &module.path,
        function.line,
        question,
    )
}
