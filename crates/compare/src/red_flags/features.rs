//! Training that flatters itself: the target among the features, the training data as judge,
//! shuffled time.

use std::collections::BTreeSet;

use super::finding;
use crate::corpus::Corpus;
use crate::model::{Finding, FindingKind};
use crate::module::{Call, Module};

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let modules = corpus.modules.iter().filter(|module| !module.is_test);
    modules
        .flat_map(|module| {
            [
                leak(module),
                judged_by_training(module),
                shuffled_time(module),
            ]
        })
        .flatten()
        .collect()
}

/// `y = df["price"]` beside `X = df[["price", …]]`, `X = df`, or columns of which the target is the
/// sum.
fn leak(module: &Module) -> Option<Finding> {
    let is_learning = module
        .calls
        .iter()
        .any(|call| ["fit", "train_test_split", "train"].contains(&call.last()));
    let targets: Vec<(&str, &str)> = module
        .assignments
        .iter()
        .filter_map(|(left, right, _)| target_of(left, right, module))
        .collect();

    if !is_learning || targets.is_empty() {
        return None;
    }

    for (left, right, line) in &module.assignments {
        let is_selected = module
            .assignments
            .iter()
            .any(|(x, from, _)| x == "X" && from.contains(&format!("[{left}]")));
        if !is_features(left) && !is_selected {
            continue;
        }

        let columns = literals(right);

        for (frame, target) in &targets {
            let listed = columns.iter().any(|column| column == target)
                && !right.contains("drop(")
                && !right.contains("!=")
                && !right.contains("not in");
            let whole = right.trim() == *frame && !drops(module, target);

            let keeps = right.contains(".drop(")
                && right.starts_with(*frame)
                && !columns.is_empty()
                && !right.contains("target")
                && !right.contains("TARGET")
                && !columns.contains(target)
                && !drops(module, target);

            let parts = parts_of(module, target);
            let summed = parts.len() >= 2
                && parts.iter().all(|part| columns.contains(part))
                && !right.contains("drop(");
            if listed || whole || keeps || summed {
                let question = format!(
                    "La cible « {target} », ou ce qui la compose, est parmi les variables : le modèle prévoit-il, ou recopie-t-il ?"
                );

                return Some(finding(
                    FindingKind::TargetInFeatures,
                    &module.path,
                    *line,
                    question,
                ));
            }
        }
    }

    None
}

fn is_features(left: &str) -> bool {
    let name = left.to_lowercase();
    matches!(left, "X" | "x" | "X_all" | "X_full")
        || ["feature", "colonnes_x", "predictor", "x_cols", "explicat"]
            .iter()
            .any(|word| name.contains(word))
}

/// The frame and the column of a target: `y = df["price"]`.
fn target_of<'all>(
    left: &str,
    right: &'all str,
    module: &'all Module,
) -> Option<(&'all str, &'all str)> {
    if !matches!(left, "y" | "Y" | "target" | "labels" | "cible") {
        return None;
    }

    let (frame, rest) = right.split_once('[')?;
    let inside = rest.split(']').next()?.trim();

    if frame.contains(['(', ' ']) {
        return None;
    }

    let column = inside.trim_matches(['"', '\'', '[']);
    let constant = module
        .constants
        .iter()
        .find(|(name, ..)| name == inside)
        .map(|(_, value, _)| value.trim_matches(['"', '\'']));

    Some((frame, constant.unwrap_or(column)))
}

fn literals(text: &str) -> Vec<&str> {
    let quote = if text.contains('"') { '"' } else { '\'' };
    text.split(quote).skip(1).step_by(2).collect()
}

/// Whether the target is taken out of the frame somewhere: `df.pop("y")`, `df.drop(columns=["y"])`,
/// `del df["y"]`.
fn drops(module: &Module, target: &str) -> bool {
    module
        .calls
        .iter()
        .any(|call| ["pop", "drop"].contains(&call.last()) && call.arguments.contains(target))
        || module.assignments.iter().any(|(left, right, _)| {
            is_features(left) && right.contains("drop(") && right.contains(target)
        })
}

/// The columns of which a column is made: `df["total"] = df["a"] + df["b"]`.
fn parts_of<'all>(module: &'all Module, target: &str) -> Vec<&'all str> {
    module
        .assignments
        .iter()
        .find(|(left, right, _)| {
            literals(left).contains(&target) && right.contains('+') && !right.contains('(')
        })
        .map(|(_, right, _)| literals(right))
        .unwrap_or_default()
}

/// Scores computed on nothing but what the model was fitted on.
fn judged_by_training(module: &Module) -> Option<Finding> {
    let first = |call: &Call| {
        call.arguments
            .trim_start_matches('(')
            .split([',', ')'])
            .next()
            .unwrap_or("")
            .trim()
            .to_owned()
    };

    let fits = module
        .calls
        .iter()
        .filter(|call| call.last() == "fit" && call.arguments.contains(','));
    let fitted: BTreeSet<(String, &str)> = fits
        .map(|call| (first(call), call.scope.as_str()))
        .collect();

    let on_training = |call: &Call| fitted.contains(&(first(call), call.scope.as_str()));
    let judges: Vec<&Call> = module
        .calls
        .iter()
        .filter(|call| ["predict", "predict_proba", "score"].contains(&call.last()))
        .collect();
    let measured = module
        .calls
        .iter()
        .any(|call| call.name.starts_with("sklearn.metrics") || call.last() == "score");

    let elsewhere = module.calls.iter().any(|call| {
        call.last().starts_with("cross_val")
            || call.last().contains("SearchCV")
            || call.last() == "evaluate"
    });
    let judged = judges.iter().find(|call| on_training(call))?;
    let all = judges.iter().all(|call| on_training(call));

    let metric = module.calls.iter().find(|call| {
        call.name.starts_with("sklearn.metrics")
            && call.line >= judged.line
            && call.scope == judged.scope
    });
    let line = metric.map_or(judged.line, |metric| metric.line);
    let question = "Le score est calculé sur les données d'entraînement : que vaut-il sur des données que le modèle n'a pas vues ?";

    (all && measured && !elsewhere).then(|| {
        finding(
            FindingKind::EvaluatedOnTrainingData,
            &module.path,
            line,
            question,
        )
    })
}

/// `train_test_split` without `shuffle=False` where rows are dated and the past is a feature.
fn shuffled_time(module: &Module) -> Option<Finding> {
    let split = module.calls.iter().find(|call| {
        call.last() == "train_test_split" && !call.arguments.contains("shuffle=False")
    })?;
    let dated = module.calls.iter().any(|call| {
        call.last() == "to_datetime"
            || call.arguments.contains("parse_dates")
            || call.last() == "sort_values"
                && ["date", "time", "heure", "hour"]
                    .iter()
                    .any(|word| call.arguments.contains(word))
    });
    let past = module
        .calls
        .iter()
        .any(|call| ["shift", "rolling", "resample", "asfreq"].contains(&call.last()))
        || module
            .assignments
            .iter()
            .any(|(left, ..)| left.contains("lag_") || left.contains("_lag"));
    let question = "Les lignes sont datées et le découpage les mélange : le modèle a-t-il vu l'avenir de ce qu'il prévoit ?";
    (dated && past).then(|| {
        finding(
            FindingKind::RandomSplitOfTimeSeries,
            &module.path,
            split.line,
            question,
        )
    })
}
