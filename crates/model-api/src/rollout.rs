//! Role of each version: the champion, a canary that answers a share of the clients, a shadow that
//! predicts and answers nobody.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::canary_trial::RunningTrial;
use crate::loaded_model::LoadedModel;
use crate::monitor::Monitor;

/// The versions that run, and their roles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rollout {
    pub(crate) champion: Option<Arc<LoadedModel>>,
    pub(crate) canary: Option<Canary>,
    pub(crate) shadow: Option<Shadow>,
}

/// A version that answers `percent` of the clients.
#[derive(Debug, Clone)]
pub(crate) struct Canary {
    pub(crate) model: Arc<LoadedModel>,
    pub(crate) percent: u8,
    /// Its judgement, unless a person does it.
    pub(crate) trial: Option<Arc<RunningTrial>>,
}

/// A version whose forecasts are kept and judged as the champion's are.
#[derive(Debug, Clone)]
pub(crate) struct Shadow {
    pub(crate) model: Arc<LoadedModel>,
    pub(crate) monitor: Arc<Monitor>,
}

impl Canary {
    /// Says whether this version answers `client_id`: always the same clients, so that none goes
    /// from one version to the other and back.
    pub(crate) fn answers(&self, client_id: &str) -> bool {
        rank(client_id) < self.percent
    }
}

impl Shadow {
    /// A shadow that has seen nothing yet.
    pub(crate) fn new(model: Arc<LoadedModel>) -> Self {
        Self {
            model,
            monitor: Arc::default(),
        }
    }
}

/// A client's rank between 0 and 99.
fn rank(client_id: &str) -> u8 {
    // Its keys are fixed: the same client has the same rank after a restart.
    let mut hasher = DefaultHasher::new();
    client_id.hash(&mut hasher);
    (hasher.finish() % 100) as u8
}

#[cfg(test)]
mod tests;
