//! A canary beside the champion, on the same station-hours: is it better, worse, or slower?
//!
//! `d = |y − ŷ canary| − |y − ŷ champion|`, summed over the stations and over six consecutive hours,
//! whose errors go together. Were both as good, each `d` could as well have the other sign: the share
//! of draws of signs that give as large a sum is the probability of this result by chance (Fisher's
//! randomisation test for pairs, 1935).
//!
//! A verdict is asked once a day, several days in a row, and may be wrong both ways: each of the `n`
//! looks may err with a probability of `(1 − confidence) / 2n` each way, so that all of them together
//! may with `1 − confidence` (Bonferroni; Dunn, 1961).

mod bounds;
mod sign_flips;
mod sign_test;
#[cfg(test)]
mod tests;

use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

pub use bounds::CanaryBounds;

use sign_flips::worse_by_chance;
use sign_test::upper_tail;

/// Errors of both versions in one hour, over the same stations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PairedHour {
    /// The hour that both forecast, UTC.
    pub hour: Hour,
    /// `Σ|y − ŷ|` of the champion, departures.
    pub champion_error: f64,
    /// `Σ|y − ŷ|` of the canary, departures.
    pub canary_error: f64,
}

/// Times that both versions took for the same rows at the same moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairedTimes {
    /// Number of pairs.
    pub pairs: u64,
    /// Pairs in which the canary took longer than [`CanaryBounds::most_slowdown`] allows.
    pub too_slow: u64,
}

/// All that is known of a canary at one moment.
#[derive(Debug, Clone, Copy)]
pub struct CanaryEvidence<'a> {
    /// The first hour that may be paired.
    pub from: Hour,
    /// The last hour that was counted.
    pub last_counted: Hour,
    /// The hours that both versions had forecast, in order; those of the day under way are not
    /// looked at.
    pub hours: &'a [PairedHour],
    /// The times of both versions.
    pub times: PairedTimes,
}

/// The thing to do with a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanaryDecision {
    /// It goes on as it is.
    Wait,
    /// It becomes the champion.
    Promote,
    /// The champion answers everybody again.
    RollBack,
}

/// The fact that a decision stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanaryReason {
    /// Too few hours were counted.
    TooFewHours,
    /// It takes too long.
    Slower,
    /// It errs more than the champion.
    Worse,
    /// It errs less than the champion.
    Better,
    /// Neither is shown.
    Undecided,
}

/// A decision with its figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CanaryVerdict {
    /// The thing to do.
    pub decision: CanaryDecision,
    /// The finding that decided.
    pub reason: CanaryReason,
    /// Whole days since the first hour.
    pub days: u16,
    /// Hours that were compared.
    pub paired_hours: usize,
    /// Error of the canary over that of the champion; absent when the champion made none.
    pub error_ratio: Option<f64>,
    /// Probability of such an error by chance, were the canary as good as the champion: near 0 for a
    /// worse version, near 1 for a better one.
    pub worse_by_chance: f64,
    /// Probability of as many slow pairs if the canary were no slower than allowed.
    pub slow_by_chance: f64,
    /// Probability of error that this look may take, each way.
    pub significance: f64,
}

impl CanaryBounds {
    /// Judges a canary. The same evidence gives the same verdict: `seed` draws the signs.
    pub fn judge(&self, evidence: &CanaryEvidence<'_>, seed: u64) -> CanaryVerdict {
        let days = whole_days(evidence);
        let hours = hours_of(evidence, days);
        let verdict = CanaryVerdict {
            decision: CanaryDecision::Wait,
            reason: CanaryReason::TooFewHours,
            days,
            paired_hours: hours.len(),
            error_ratio: error_ratio(hours),
            worse_by_chance: worse_by_chance(hours, self.least_draws, seed),
            slow_by_chance: upper_tail(evidence.times.too_slow, evidence.times.pairs),
            significance: self.significance(),
        };

        let reason = self.reason(&verdict);
        CanaryVerdict {
            decision: self.decision(reason, days),
            reason,
            ..verdict
        }
    }

    fn reason(&self, verdict: &CanaryVerdict) -> CanaryReason {
        let is_early = verdict.days < self.least_days;
        if is_early || verdict.paired_hours < self.least_hours {
            return CanaryReason::TooFewHours;
        }
        // A version that is better and too slow does not serve.
        if verdict.slow_by_chance <= verdict.significance {
            return CanaryReason::Slower;
        }

        match verdict.worse_by_chance {
            share if share <= verdict.significance => CanaryReason::Worse,
            share if share >= 1.0 - verdict.significance => CanaryReason::Better,
            _ => CanaryReason::Undecided,
        }
    }

    fn decision(&self, reason: CanaryReason, days: u16) -> CanaryDecision {
        match reason {
            CanaryReason::Better => CanaryDecision::Promote,
            CanaryReason::Worse | CanaryReason::Slower => CanaryDecision::RollBack,
            // Doubt does not last: the version that is known goes on.
            _ if days >= self.most_days => CanaryDecision::RollBack,
            _ => CanaryDecision::Wait,
        }
    }

    /// Probability of error of one look, each way.
    fn significance(&self) -> f64 {
        let looks = self.most_days.saturating_sub(self.least_days) + 1;
        (1.0 - self.least_confidence) / f64::from(2 * looks)
    }
}

fn whole_days(evidence: &CanaryEvidence<'_>) -> u16 {
    let hours = evidence.last_counted - evidence.from + 1;
    (hours / 24).clamp(0, i64::from(u16::MAX)) as u16
}

/// The hours of whole days: each look sees a day more than the one before.
fn hours_of<'a>(evidence: &CanaryEvidence<'a>, days: u16) -> &'a [PairedHour] {
    let end = evidence.from + 24 * i64::from(days);
    let count = evidence.hours.partition_point(|pair| pair.hour < end);
    &evidence.hours[..count]
}

fn error_ratio(hours: &[PairedHour]) -> Option<f64> {
    let canary: f64 = hours.iter().map(|pair| pair.canary_error).sum();
    let champion: f64 = hours.iter().map(|pair| pair.champion_error).sum();
    (champion > 0.0).then(|| canary / champion)
}
