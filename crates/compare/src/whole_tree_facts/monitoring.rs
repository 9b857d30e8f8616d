//! Measures of a model in service, by metrics, by tracking or by hand.

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::module::{Function, Module};

/// Measures of a model in service: Prometheus metrics on predictions, tracking in a monitoring
/// script.
pub(super) fn watched_models(corpus: &Corpus) -> Vec<Fact> {
    const WORDS: [&str; 11] = [
        "predict",
        "model",
        "drift",
        "confidence",
        "inference",
        "accuracy",
        "score",
        "derive",
        "feature",
        "mae",
        "f1",
    ];

    let mut found = Vec::new();

    for module in corpus.modules.iter().filter(|module| !module.is_test) {
        let is_monitoring = ["monitor", "drift", "surveill", "derive"]
            .iter()
            .any(|word| module.path.to_ascii_lowercase().contains(word));

        for call in &module.calls {
            let arguments = call.arguments.to_ascii_lowercase();
            let is_metric = (call.name.starts_with("prometheus_client.")
                || call.name.starts_with("prometheus::")
                || ["Counter", "Gauge", "Histogram", "Summary"].contains(&call.last()))
                && module.imports_any(&["prometheus_client", "prometheus", "prom-client"])
                && WORDS.iter().any(|word| arguments.contains(word));
            let is_tracking = is_monitoring && call.name.starts_with("mlflow.log_");

            if is_metric || is_tracking {
                let what = format!("métrique du modèle en service (`{}`)", call.name);
                let mut fact = Fact::new(
                    FactKind::ModelMetric,
                    &module.path,
                    call.line,
                    &call.scope,
                    what,
                );
                fact.exercised = module.facts.iter().any(|known| {
                    known.scope == call.scope && known.line == call.line && known.exercised
                });
                found.push(fact);
            }
        }

        if is_monitoring {
            found.extend(hand_made(module));
        }
    }

    found
}

/// A monitor written by hand: functions of a monitoring file that compute on predictions.
fn hand_made(module: &Module) -> Option<Fact> {
    let computes = |function: &&Function| {
        let name = function.name.to_ascii_lowercase();

        [
            "metric",
            "accuracy",
            "drift",
            "derive",
            "confidence",
            "performance",
            "latency",
        ]
        .iter()
        .any(|word| name.contains(word))
            && function.end > function.line + 3
            && [
                "mean",
                "sum",
                "len",
                "std",
                "histogram",
                "quantile",
                "count",
                "average",
            ]
            .iter()
            .any(|call| function.has_call(call))
    };

    let function = module.functions.iter().find(computes)?;
    let what = format!("mesure du modèle calculée par `{}`", function.name);

    let mut fact = Fact::new(
        FactKind::ModelMetric,
        &module.path,
        function.line,
        &function.name,
        what,
    );

    fact.exercised = module
        .facts
        .iter()
        .any(|known| known.scope == function.name && known.exercised);

    Some(fact)
}
