//! Training: scores learned from all the reports, read as reports of later months taught.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::calibration::{Calibration, Judged};
use crate::classifier::{Classifier, MAX_CATEGORIES};
use crate::features::{Counts, count};
use crate::linear::LinearScores;
use crate::reports::RiderReport;

/// Rolling origin: the reports before the first share teach, those up to the second one are judged.
const FOLDS: [(f64, f64); 3] = [(0.70, 0.80), (0.80, 0.90), (0.90, 1.0)];

/// Fewer reports leave nothing to calibrate on.
const MIN_REPORTS: usize = 40;

/// Reports that teach nothing.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum TrainingError {
    /// Too few reports.
    #[error("{0} signalements : il en faut au moins {MIN_REPORTS}")]
    TooFew(usize),
    /// One category, on all the lines.
    #[error(
        "une seule catégorie, `{category}`, de la ligne {first} à la ligne {last} : il en faut deux"
    )]
    OneCategory {
        /// Its name.
        category: String,
        /// First line of the file that holds a report.
        first: u64,
        /// Last one.
        last: u64,
    },
    /// More categories than a model holds: another column was given, such as the city.
    #[error("ligne {line} : une {}e catégorie, `{category}` ; {MAX_CATEGORIES} au plus", MAX_CATEGORIES + 1)]
    TooManyCategories {
        /// The first one too many.
        category: String,
        /// Where it appears.
        line: u64,
    },
}

/// Learns to put reports in the categories of `reports`.
///
/// # Errors
/// See [`TrainingError`].
pub fn train(reports: &[RiderReport]) -> Result<Classifier, TrainingError> {
    let categories = categories(reports)?;
    let mut reports: Vec<&RiderReport> = reports.iter().collect();
    reports.sort_by_key(|report| report.date);

    let counts: Vec<Counts> = reports
        .par_iter()
        .map(|report| count(&report.text))
        .collect();
    let counts: Vec<&Counts> = counts.iter().collect();
    let labels: Vec<usize> = reports
        .iter()
        .map(|report| {
            categories
                .binary_search(&report.category)
                .expect("a category of the list")
        })
        .collect();

    let texts = LabelledTexts {
        counts: &counts,
        labels: &labels,
        categories: categories.len(),
    };
    let calibration = Calibration::learn(
        &texts.judge_later(),
        &texts.judge_towns(&reports),
        &texts.frequencies(),
    );
    let scores = LinearScores::learn(&counts, &labels, categories.len());
    Ok(Classifier::new(categories, scores, calibration))
}

/// The categories, in alphabetical order.
fn categories(reports: &[RiderReport]) -> Result<Vec<String>, TrainingError> {
    let mut first_lines = BTreeMap::<&str, u64>::new();
    for report in reports {
        let is_new = !first_lines.contains_key(report.category.as_str());
        if is_new && first_lines.len() == MAX_CATEGORIES {
            let category = report.category.clone();
            return Err(TrainingError::TooManyCategories {
                category,
                line: report.line,
            });
        }
        first_lines.entry(&report.category).or_insert(report.line);
    }

    match reports {
        [first, .., last] if first_lines.len() == 1 => Err(TrainingError::OneCategory {
            category: first.category.clone(),
            first: first.line,
            last: last.line,
        }),
        _ if reports.len() < MIN_REPORTS => Err(TrainingError::TooFew(reports.len())),
        _ => Ok(first_lines.into_keys().map(str::to_owned).collect()),
    }
}

/// Texts in the order of their dates, with their categories.
struct LabelledTexts<'a> {
    counts: &'a [&'a Counts],
    labels: &'a [usize],
    categories: usize,
}

impl LabelledTexts<'_> {
    /// Each report of the folds is scored by a model of the reports before it, as in service.
    fn judge_later(&self) -> Judged {
        let place = |share: f64| (self.counts.len() as f64 * share) as usize;
        let mut judged = Judged::default();
        for (past, end) in FOLDS.map(|(past, end)| (place(past), place(end))) {
            let past: Vec<usize> = (0..past).collect();
            self.judge(&past, &(past.len()..end).collect::<Vec<_>>(), &mut judged);
        }
        judged
    }

    /// The reports of some towns are scored by a model of the other ones; none if all are of one.
    fn judge_towns(&self, reports: &[&RiderReport]) -> Judged {
        let held_out = held_out_cities(reports);
        let all = 0..reports.len();
        let (judged_ones, others): (Vec<_>, Vec<_>) =
            all.partition(|index| held_out.contains(reports[*index].city.as_str()));

        let mut judged = Judged::default();
        if !judged_ones.is_empty() {
            self.judge(&others, &judged_ones, &mut judged);
        }
        judged
    }

    fn judge(&self, learned: &[usize], others: &[usize], judged: &mut Judged) {
        let counts: Vec<&Counts> = learned.iter().map(|index| self.counts[*index]).collect();
        let labels: Vec<usize> = learned.iter().map(|index| self.labels[*index]).collect();
        let model = LinearScores::learn(&counts, &labels, self.categories);

        let scores = others
            .par_iter()
            .map(|index| model.score(self.counts[*index]))
            .collect();
        judged.extend(scores, others.iter().map(|index| self.labels[*index]));
    }

    fn frequencies(&self) -> Vec<f32> {
        let mut counts = vec![0.0; self.categories];
        for label in self.labels {
            counts[*label] += 1.0;
        }
        counts
            .iter()
            .map(|count| count / self.labels.len() as f32)
            .collect()
    }
}

/// The smallest cities, as long as they hold a fifth of the reports at most.
fn held_out_cities<'a>(reports: &[&'a RiderReport]) -> BTreeSet<&'a str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for report in reports {
        *counts.entry(&report.city).or_default() += 1;
    }
    let mut cities: Vec<(usize, &str)> = counts
        .into_iter()
        .map(|(city, count)| (count, city))
        .collect();
    cities.sort_unstable();

    let mut total = 0;
    let held_out = cities.into_iter().take_while(|(count, _)| {
        total += count;
        total * 5 <= reports.len()
    });
    held_out.map(|(_, city)| city).collect()
}
