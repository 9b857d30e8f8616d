use serde::{Deserialize, Serialize};

/// The bounds within which a canary is judged: the table `[canary]` of `gates.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryBounds {
    /// Share of the clients that the canary answers, percent.
    pub most_clients_percent: u8,
    /// Hours compared before any verdict.
    pub least_hours: usize,
    /// Whole days before any verdict.
    pub least_days: u16,
    /// Whole days after which doubt ends the canary.
    pub most_days: u16,
    /// Confidence of the decision, over all the days that it is asked.
    pub least_confidence: f64,
    /// Time of the canary over that of the champion, for the same rows.
    pub most_slowdown: f64,
    /// Draws of signs.
    pub least_draws: usize,
}

impl CanaryBounds {
    /// Refuses bounds that would judge nothing, or never end.
    ///
    /// # Errors
    /// The rule that is broken, with the name of its figure.
    pub fn check(&self) -> Result<(), &'static str> {
        let rules = [
            (
                (1..=100).contains(&self.most_clients_percent),
                "most_clients_percent is between 1 and 100",
            ),
            (
                (1..=self.most_days).contains(&self.least_days),
                "least_days is between 1 and most_days",
            ),
            // Beyond a month, the journal of predictions has forgotten the first hours.
            (self.most_days <= 28, "most_days is at most 28"),
            (
                (0.5..1.0).contains(&self.least_confidence),
                "least_confidence is at least 0.5, and below 1",
            ),
            (
                self.most_slowdown.is_finite() && self.most_slowdown >= 1.0,
                "most_slowdown is at least 1",
            ),
            (
                (100..=100_000).contains(&self.least_draws),
                "least_draws is between 100 and 100000",
            ),
        ];

        match rules.iter().find(|(is_kept, _)| !is_kept) {
            Some((_, rule)) => Err(rule),
            None => Ok(()),
        }
    }
}
