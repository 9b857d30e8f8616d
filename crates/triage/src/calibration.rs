//! From scores to a category and to the probability that it is right.

use serde::{Deserialize, Serialize};

use crate::metrics::macro_f1;

/// Share of the sure answers that must be right here, for 95 % to be in service: later reports
/// stray a little further.
const WANTED_ACCURACY: f64 = 0.955;

/// Powers of the inverse frequency that are tried.
const PRIOR_POWERS: [f32; 7] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

/// Tenths of the decimal logarithm of the multipliers that are tried: from 0.1 to 100.
const SHARPNESS: std::ops::RangeInclusive<i32> = -10..=20;

/// A probability that no answer has. Infinity is no number of JSON.
const NEVER: f32 = 2.0;

/// How scores are read. Chosen on reports that the scores had not learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    /// Inverse of the temperature: the scores are multiplied by it before the softmax.
    pub(crate) sharpness: f32,
    /// Subtracted from the log-probabilities, one for each category, before the best is chosen:
    /// `power × ln(frequency)`. Rare categories are chosen sooner (logit adjustment).
    pub(crate) handicaps: Vec<f32>,
    /// « Je ne sais pas » below this probability.
    pub(crate) sure_from: f32,
}

/// Reports scored by a model that had not learned from them.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    scores: Vec<Vec<f32>>,
    /// Their true categories.
    labels: Vec<usize>,
}

/// A category chosen for a text, with its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    pub(crate) category: usize,
    pub(crate) probability: f32,
}

impl Calibration {
    /// Chooses how scores are read: the probabilities after the reports of `later` months; the
    /// handicaps after those and the reports of other `towns`, if there are any.
    pub(crate) fn learn(later: &Judged, towns: &Judged, frequencies: &[f32]) -> Self {
        let mut calibration = Self {
            sharpness: later.sharpness(),
            handicaps: vec![0.0; frequencies.len()],
            sure_from: NEVER,
        };
        calibration.handicaps = calibration.best_handicaps(&[later, towns], frequencies);
        calibration.sure_from = calibration.threshold(later);
        calibration
    }

    /// The category of a text, from its scores.
    pub(crate) fn choose(&self, scores: &[f32]) -> Choice {
        let probabilities = softmax(scores, self.sharpness);
        let handicapped = |category: &usize| {
            probabilities[*category].max(f32::MIN_POSITIVE).ln() - self.handicaps[*category]
        };
        let category = (0..scores.len())
            .max_by(|one, other| handicapped(one).total_cmp(&handicapped(other)))
            .expect("a model has two categories at least");
        Choice {
            category,
            probability: probabilities[category],
        }
    }

    /// True when the choice is worth saying.
    pub(crate) fn is_sure(&self, choice: Choice) -> bool {
        choice.probability >= self.sure_from
    }

    fn best_handicaps(&self, judged: &[&Judged], frequencies: &[f32]) -> Vec<f32> {
        let handicaps = |power: f32| -> Vec<f32> {
            frequencies
                .iter()
                .map(|frequency| power * frequency.ln())
                .collect()
        };
        let quality = |power: f32| -> f64 {
            let reading = Self {
                handicaps: handicaps(power),
                ..self.clone()
            };
            judged
                .iter()
                .map(|judged| macro_f1(&reading.categories(judged), &judged.labels))
                .sum()
        };

        // Of equals, the first: the one that moves the least.
        let mut powers = PRIOR_POWERS.iter().map(|power| (*power, quality(*power)));
        let first = powers.next().expect("a power is tried");
        let best = powers.fold(
            first,
            |best, next| if next.1 > best.1 { next } else { best },
        );
        handicaps(best.0)
    }

    fn categories(&self, judged: &Judged) -> Vec<usize> {
        judged
            .scores
            .iter()
            .map(|scores| self.choose(scores).category)
            .collect()
    }

    /// The lowest probability above which the answers are right often enough.
    fn threshold(&self, judged: &Judged) -> f32 {
        let mut answers: Vec<(f32, bool)> = judged
            .pairs()
            .map(|(scores, label)| (self.choose(scores), label))
            .map(|(choice, label)| (choice.probability, choice.category == *label))
            .collect();
        answers.sort_by(|one, other| other.0.total_cmp(&one.0));

        let mut right = 0.0;
        let mut threshold = NEVER;
        for (index, (probability, is_right)) in answers.iter().enumerate() {
            right += f64::from(u8::from(*is_right));
            if right / (index + 1) as f64 >= WANTED_ACCURACY {
                threshold = *probability;
            }
        }
        threshold
    }
}

impl Judged {
    /// Adds reports that were judged, in the order of their `labels`.
    pub(crate) fn extend(&mut self, scores: Vec<Vec<f32>>, labels: impl Iterator<Item = usize>) {
        self.scores.extend(scores);
        self.labels.extend(labels);
    }

    fn pairs(&self) -> impl Iterator<Item = (&Vec<f32>, &usize)> {
        self.scores.iter().zip(&self.labels)
    }

    /// The multiplier under which the true categories are the most likely.
    fn sharpness(&self) -> f32 {
        let surprise = |sharpness: f32| -> f32 {
            let likelihoods = self
                .pairs()
                .map(|(scores, label)| softmax(scores, sharpness)[*label]);
            likelihoods
                .map(|likelihood| -likelihood.max(f32::MIN_POSITIVE).ln())
                .sum()
        };

        let tried = SHARPNESS.map(|step| 10_f32.powf(step as f32 * 0.1));
        tried
            .map(|sharpness| (sharpness, surprise(sharpness)))
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map_or(1.0, |(sharpness, _)| sharpness)
    }
}

fn softmax(scores: &[f32], sharpness: f32) -> Vec<f32> {
    let largest = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = scores
        .iter()
        .map(|score| ((score - largest) * sharpness).exp())
        .collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}
