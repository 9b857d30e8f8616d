//! The figures of one run.

use serde_json::{Value, json};

use super::faults::FaultKind;
use super::load::Counts;

/// The time that a fault took to be over: every service ready again.
#[derive(Debug)]
pub(super) struct Recovery {
    pub(super) kind: FaultKind,
    pub(super) service: &'static str,
    pub(super) seconds: f64,
}

#[derive(Debug)]
pub(super) struct ChaosReport {
    seed: u64,
    seconds: u64,
    pub(super) recoveries: Vec<Recovery>,
    pub(super) answered: u64,
    refused: u64,
    pub(super) wrong: u64,
    /// Writes that were acknowledged.
    pub(super) acknowledged: u64,
    pub(super) lost: u64,
}

impl ChaosReport {
    pub(super) fn new(seed: u64, seconds: u64) -> Self {
        Self {
            seed,
            seconds,
            recoveries: Vec::new(),
            answered: 0,
            refused: 0,
            wrong: 0,
            acknowledged: 0,
            lost: 0,
        }
    }

    /// Adds the load of one engine.
    pub(super) fn count(&mut self, counts: &Counts, lost: u64) {
        self.answered += counts.answered;
        self.refused += counts.refused;
        self.wrong += counts.wrong;
        self.acknowledged += counts.consents + counts.revoked.len() as u64;
        self.lost += lost;
    }

    pub(super) fn to_json(&self) -> String {
        let recovery = |one: &Recovery| json!({ "fault": one.kind.name(), "service": one.service, "seconds": one.seconds });
        let recoveries: Vec<Value> = self.recoveries.iter().map(recovery).collect();

        let report = json!({
            "seed": self.seed,
            "seconds": self.seconds,
            "recoveries": recoveries,
            "answered": self.answered,
            "refused": self.refused,
            "wrong": self.wrong,
            "acknowledged": self.acknowledged,
            "lost": self.lost,
        });
        serde_json::to_string_pretty(&report).unwrap()
    }
}
