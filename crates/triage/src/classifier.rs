//! The trained model: a text in, a category out.

use crate::calibration::Calibration;
use crate::features::count;
use crate::linear::LinearScores;
use crate::metrics::{Answered, ReportScores};
use crate::reports::RiderReport;

/// Most categories of a model.
pub(crate) const MAX_CATEGORIES: usize = 64;

/// A trained classifier of reports.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    pub(crate) categories: Vec<String>,
    pub(crate) scores: LinearScores,
    pub(crate) calibration: Calibration,
}

/// A classifier's answer about one text.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion<'a> {
    /// The best category.
    pub best: &'a str,
    /// Probability that it is right, from 0 to 1.
    pub probability: f32,
    /// False for « je ne sais pas »: fewer than 95 % of such answers would be right.
    pub is_sure: bool,
}

impl Opinion<'_> {
    /// The category, when the classifier is sure of it.
    pub fn category(&self) -> Option<&str> {
        self.is_sure.then_some(self.best)
    }
}

impl Classifier {
    pub(crate) fn new(
        categories: Vec<String>,
        scores: LinearScores,
        calibration: Calibration,
    ) -> Self {
        Self {
            categories,
            scores,
            calibration,
        }
    }

    /// The categories, in alphabetical order.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// Puts a text in a category. It is sure of nothing when it knows none of the words.
    pub fn classify(&self, text: &str) -> Opinion<'_> {
        let counts = count(text);
        let choice = self.calibration.choose(&self.scores.score(&counts));
        Opinion {
            best: &self.categories[choice.category],
            probability: choice.probability,
            is_sure: self.calibration.is_sure(choice)
                && self.scores.weighting.knows_a_word(&counts),
        }
    }

    /// Measures the answers on `reports`, of which there is at least one. A category that the model
    /// does not know is never found.
    pub fn evaluate(&self, reports: &[RiderReport]) -> ReportScores {
        let answers: Vec<Answered<'_>> = reports
            .iter()
            .map(|report| (self.classify(&report.text), report))
            .map(|(opinion, report)| Answered {
                chosen: opinion.best,
                is_sure: opinion.is_sure,
                truth: &report.category,
            })
            .collect();
        ReportScores::of(&answers)
    }
}
