//! Measures of a model in service: Prometheus metrics on predictions, tracking in a monitoring
//! script, functions that compute them by hand.

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::{Call, Function, Module};

pub(super) fn facts(corpus: &Corpus) -> Vec<Fact> {
    let mut found = Vec::new();

    for (_, module) in corpus.sources() {
        let is_monitoring = module.path_has(&CODE.paths.monitoring);
        let measures = |call: &&Call| {
            is_model_metric(module, call) || (is_monitoring && call.name.starts_with("mlflow.log_"))
        };

        let calls = module.calls.iter().filter(measures);
        found.extend(calls.map(|call| metric(module, call)));
        found.extend(is_monitoring.then(|| hand_made(module)).flatten());
    }

    found
}

/// True when a call declares a metric, and its arguments speak of a model.
fn is_model_metric(module: &Module, call: &Call) -> bool {
    let declares = call.name.starts_with("prometheus_client.")
        || call.name.starts_with("prometheus::")
        || CODE.monitoring.types.has(call.last());

    declares
        // `Counter` is also a class of the standard library of Python.
        && module.imports_any(&CODE.packages.metrics)
        && CODE
            .monitoring
            .model
            .any_in(&call.arguments.to_ascii_lowercase())
}

fn metric(module: &Module, call: &Call) -> Fact {
    let what = format!("métrique du modèle en service (`{}`)", call.name);
    let is_exercised = module
        .facts
        .iter()
        .any(|known| known.scope == call.scope && known.line == call.line && known.exercised);
    module
        .call_fact(FactKind::ModelMetric, call, what)
        .exercised(is_exercised)
}

/// A monitor written by hand: a function of a monitoring file that computes on predictions.
fn hand_made(module: &Module) -> Option<Fact> {
    let words = &CODE.monitoring;
    let computes = |function: &&Function| {
        // A function of three lines only gives a constant back.
        function.end > function.line + 3
            && words.measures.any_in(&function.name.to_ascii_lowercase())
            && function.has_any_call(&words.computes)
    };

    let function = module.functions.iter().find(computes)?;
    let is_exercised = module
        .facts
        .iter()
        .any(|known| known.scope == function.name && known.exercised);
    let what = format!("mesure du modèle calculée par `{}`", function.name);
    let fact = module.function_fact(FactKind::ModelMetric, function, what);
    Some(fact.exercised(is_exercised))
}
