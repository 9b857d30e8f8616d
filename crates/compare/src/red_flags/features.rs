//! Training that flatters itself: the target among the features, the training data as judge,
//! shuffled time.

use std::collections::BTreeSet;

use crate::corpus::Corpus;
use crate::lexicon::CODE;
use crate::model::{Finding, FindingKind};
use crate::module::{Assignment, Call, Module};

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let modules = corpus.sources().map(|(_, module)| module);
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

/// A column to predict, and the frame that it is taken from: `y = df["price"]`.
struct Target<'all> {
    frame: &'all str,
    column: &'all str,
}

/// `y = df["price"]` beside `X = df[["price", …]]`, `X = df`, or columns of which the target is the
/// sum.
fn leak(module: &Module) -> Option<Finding> {
    // Without a training, a frame named X is any frame.
    let mut calls = module.calls.iter();
    if !calls.any(|call| CODE.learning.fits.has(call.last())) {
        return None;
    }
    let (features, target) = leaking(module)?;

    let question = format!(
        "La cible « {target} », ou ce qui la compose, est parmi les variables : le modèle prévoit-il, ou recopie-t-il ?"
    );
    let (kind, path) = (FindingKind::TargetInFeatures, &module.path);
    Some(Finding::new(kind, path, features.line, question))
}

/// The first features that hold a target, and its column.
fn leaking(module: &Module) -> Option<(&Assignment, &str)> {
    let assignments = || module.assignments.iter();
    let targets: Vec<Target> = assignments()
        .filter_map(|one| target_of(one, module))
        .collect();

    let mut features =
        assignments().filter(|one| is_features(&one.name) || is_selected(module, &one.name));
    features.find_map(|one| {
        let leaked = targets.iter().find(|target| holds(module, one, target))?;
        Some((one, leaked.column))
    })
}

fn is_features(name: &str) -> bool {
    let words = &CODE.learning;
    words.tables.has(name) || words.features.any_in(&name.to_lowercase())
}

/// True when a list of columns makes the features: `X = df[columns]`.
fn is_selected(module: &Module, columns: &str) -> bool {
    let selection = format!("[{columns}]");
    module
        .assignments
        .iter()
        .any(|one| one.name == "X" && one.value.contains(&selection))
}

fn target_of<'all>(assignment: &'all Assignment, module: &'all Module) -> Option<Target<'all>> {
    let (frame, rest) = assignment.value.split_once('[')?;
    let inside = rest.split(']').next()?.trim();
    // A call makes another frame than the one it is named after.
    if !CODE.learning.targets.has(&assignment.name) || frame.contains(['(', ' ']) {
        return None;
    }

    // `y = df[TARGET]` names a constant.
    let constant = module.constants.iter().find(|one| one.name == inside);
    let column = constant.map_or(inside.trim_matches(['"', '\'', '[']), |one| {
        one.value.trim_matches(['"', '\''])
    });
    Some(Target { frame, column })
}

/// True when features hold the target: by its name, by the whole frame, or by its parts.
fn holds(module: &Module, features: &Assignment, target: &Target) -> bool {
    let value = &features.value;
    let columns = literals(value);
    let drops = value.contains("drop(");

    let is_listed = columns.contains(&target.column)
        && !drops
        && !value.contains("!=")
        && !value.contains("not in");
    let is_whole = value.trim() == target.frame && !is_dropped(module, target.column);
    let parts = parts_of(module, target.column);
    let is_summed = parts.len() >= 2 && !drops && parts.iter().all(|part| columns.contains(part));

    is_listed || is_whole || is_summed || keeps(module, value, target)
}

/// `df.drop(columns=["id"])` keeps the target, unless a name stands for it.
fn keeps(module: &Module, value: &str, target: &Target) -> bool {
    let columns = literals(value);
    value.contains(".drop(")
        && value.starts_with(target.frame)
        && !columns.is_empty()
        && !value.contains("target")
        && !value.contains("TARGET")
        && !columns.contains(&target.column)
        && !is_dropped(module, target.column)
}

fn literals(text: &str) -> Vec<&str> {
    let quote = if text.contains('"') { '"' } else { '\'' };
    text.split(quote).skip(1).step_by(2).collect()
}

/// True when the target is taken out of the frame somewhere: `df.pop("y")`,
/// `df.drop(columns=["y"])`, `del df["y"]`.
fn is_dropped(module: &Module, target: &str) -> bool {
    let by_call =
        |call: &Call| ["pop", "drop"].contains(&call.last()) && call.arguments.contains(target);
    let by_assignment = |one: &Assignment| {
        is_features(&one.name) && one.value.contains("drop(") && one.value.contains(target)
    };
    module.calls.iter().any(by_call) || module.assignments.iter().any(by_assignment)
}

/// The columns of which a column is made: `df["total"] = df["a"] + df["b"]`.
fn parts_of<'all>(module: &'all Module, target: &str) -> Vec<&'all str> {
    let sum = module.assignments.iter().find(|one| {
        literals(&one.name).contains(&target) && one.value.contains('+') && !one.value.contains('(')
    });
    sum.map(|one| literals(&one.value)).unwrap_or_default()
}

/// Scores computed on nothing but the data that the model was fitted on.
fn judged_by_training(module: &Module) -> Option<Finding> {
    let judged = training_judge(module).filter(|_| is_measured(module) && !is_validated(module))?;
    let metric = module
        .calls
        .iter()
        .find(|call| is_metric(call) && call.line >= judged.line && call.scope == judged.scope);

    let question = "Le score est calculé sur les données d'entraînement : que vaut-il sur des données que le modèle n'a pas vues ?";
    Some(Finding::new(
        FindingKind::EvaluatedOnTrainingData,
        &module.path,
        metric.unwrap_or(judged).line,
        question,
    ))
}

/// The first call that judges the model, when all of them are on the data of its training: one on
/// other data is enough to judge.
fn training_judge(module: &Module) -> Option<&Call> {
    let data = |call: &Call| (call.first_argument().to_owned(), call.scope.clone());
    let fits = |call: &&Call| call.last() == "fit" && call.arguments.contains(',');
    let fitted: BTreeSet<_> = module.calls.iter().filter(fits).map(data).collect();

    let mut judges = module
        .calls
        .iter()
        .filter(|call| CODE.learning.judges.has(call.last()));
    let first = judges.clone().next()?;
    judges
        .all(|call| fitted.contains(&data(call)))
        .then_some(first)
}

fn is_metric(call: &Call) -> bool {
    call.name.starts_with("sklearn.metrics")
}

fn is_measured(module: &Module) -> bool {
    module
        .calls
        .iter()
        .any(|call| is_metric(call) || call.last() == "score")
}

/// True when the model is also judged by folds, or elsewhere.
fn is_validated(module: &Module) -> bool {
    module.calls.iter().any(|call| {
        call.last().starts_with("cross_val")
            || call.last().contains("SearchCV")
            || call.last() == "evaluate"
    })
}

/// `train_test_split` without `shuffle=False` where rows are dated and the past is a feature.
fn shuffled_time(module: &Module) -> Option<Finding> {
    let split = module.calls.iter().find(|call| {
        call.last() == "train_test_split" && !call.arguments.contains("shuffle=False")
    })?;
    if !is_dated(module) || !looks_back(module) {
        return None;
    }

    let question = "Les lignes sont datées et le découpage les mélange : le modèle a-t-il vu l'avenir de ce qu'il prévoit ?";
    Some(Finding::new(
        FindingKind::RandomSplitOfTimeSeries,
        &module.path,
        split.line,
        question,
    ))
}

fn is_dated(module: &Module) -> bool {
    module.calls.iter().any(|call| match call.last() {
        "to_datetime" => true,
        "sort_values" if CODE.learning.dates.any_in(&call.arguments) => true,
        _ => call.arguments.contains("parse_dates"),
    })
}

fn looks_back(module: &Module) -> bool {
    let is_lag = |one: &Assignment| one.name.contains("lag_") || one.name.contains("_lag");
    let mut calls = module.calls.iter();
    calls.any(|call| CODE.learning.past.has(call.last())) || module.assignments.iter().any(is_lag)
}
