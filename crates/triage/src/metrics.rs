//! How good answers are.

use std::collections::BTreeSet;

use serde::Serialize;

/// The quality of a classifier on reports that it had not read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportScores {
    /// Share of the reports whose best category is the right one.
    pub accuracy: f64,
    /// Mean over the categories, frequent or rare, of `2·precision·recall / (precision + recall)`.
    pub macro_f1: f64,
    /// Share of the reports for which the classifier is sure.
    pub coverage: f64,
    /// Accuracy on those; none when it is sure of nothing.
    pub accuracy_when_sure: Option<f64>,
    /// Reports measured.
    pub reports: usize,
    /// Each category, in alphabetical order.
    pub categories: Vec<CategoryScores>,
}

/// The same for one category.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryScores {
    /// Its name.
    pub category: String,
    /// Reports that are of this category.
    pub reports: usize,
    /// Share of the reports put in the category that belong there; 0 when none was put.
    pub precision: f64,
    /// Share of its reports that were put in it; 0 when it has none.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// The answer of a classifier to one report, beside the truth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered<'a> {
    pub(crate) chosen: &'a str,
    pub(crate) is_sure: bool,
    pub(crate) truth: &'a str,
}

impl ReportScores {
    /// Counts the answers. There is at least one.
    pub(crate) fn of(answers: &[Answered<'_>]) -> Self {
        let names = answers
            .iter()
            .flat_map(|answer| [answer.chosen, answer.truth]);
        let names: BTreeSet<&str> = names.collect();
        let categories: Vec<CategoryScores> = names
            .iter()
            .map(|name| CategoryScores::of(name, answers))
            .collect();

        let right = |answer: &&Answered<'_>| answer.chosen == answer.truth;
        let sure: Vec<Answered<'_>> = answers
            .iter()
            .filter(|answer| answer.is_sure)
            .copied()
            .collect();
        Self {
            accuracy: share(answers.iter().filter(right).count(), answers.len()),
            macro_f1: categories.iter().map(|scores| scores.f1).sum::<f64>()
                / categories.len() as f64,
            coverage: share(sure.len(), answers.len()),
            accuracy_when_sure: (!sure.is_empty())
                .then(|| share(sure.iter().filter(right).count(), sure.len())),
            reports: answers.len(),
            categories,
        }
    }
}

impl CategoryScores {
    fn of(name: &str, answers: &[Answered<'_>]) -> Self {
        let count = |is_counted: &dyn Fn(&Answered<'_>) -> bool| {
            answers.iter().filter(|answer| is_counted(answer)).count()
        };
        let reports = count(&|answer| answer.truth == name);
        let chosen = count(&|answer| answer.chosen == name);
        let right = count(&|answer| answer.chosen == name && answer.truth == name);

        Self {
            category: name.to_owned(),
            reports,
            precision: share(right, chosen),
            recall: share(right, reports),
            f1: share(2 * right, reports + chosen),
        }
    }
}

/// Macro-F1 of the `chosen` categories, given the true ones; 0 for none.
pub(crate) fn macro_f1(chosen: &[usize], labels: &[usize]) -> f64 {
    let categories: BTreeSet<usize> = chosen.iter().chain(labels).copied().collect();
    let f1 = |category: usize| {
        let is_one = |value: &&usize| **value == category;
        let pairs = chosen.iter().zip(labels);
        let right = pairs
            .filter(|(one, other)| **one == category && one == other)
            .count();
        let named = chosen.iter().filter(is_one).count() + labels.iter().filter(is_one).count();
        share(2 * right, named)
    };
    let sum: f64 = categories.iter().map(|category| f1(*category)).sum();
    sum / categories.len().max(1) as f64
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
