//! Versions tried beside the champion: one that answers a share of the clients, one that predicts
//! and answers nobody.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use filrouge_model::PredictorError;

use crate::champion::Champion;
use crate::knowledge::Knowledge;
use crate::monitor::{Monitor, MonitorState};
use crate::serving::Serving;

/// What is tried, and with which share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trials {
    pub(crate) canary: Option<Canary>,
    pub(crate) shadow: Option<Shadow>,
}

/// A version that answers `percent` of the clients.
#[derive(Debug, Clone)]
pub(crate) struct Canary {
    pub(crate) champion: Arc<Champion>,
    pub(crate) percent: u8,
}

/// A version whose forecasts are kept and judged as the champion's are.
#[derive(Debug, Clone)]
pub(crate) struct Shadow {
    pub(crate) champion: Arc<Champion>,
    monitor: Arc<Monitor>,
}

/// The photograph of a canary: what it predicts with.
#[derive(Debug)]
pub(crate) struct CanaryServing {
    percent: u8,
    serving: Arc<Serving>,
}

impl Canary {
    pub(crate) fn serve(
        &self,
        knowledge: &Arc<Knowledge>,
    ) -> Result<CanaryServing, PredictorError> {
        let serving = Arc::new(Serving::new(
            Arc::clone(&self.champion),
            Arc::clone(knowledge),
        )?);
        Ok(CanaryServing {
            percent: self.percent,
            serving,
        })
    }
}

impl CanaryServing {
    /// What answers `client_id`, when it is one of those that the canary answers: always the same
    /// ones, so that a client does not go from one version to the other and back.
    pub(crate) fn of(&self, client_id: &str) -> Option<&Arc<Serving>> {
        (share_of(client_id) < self.percent).then_some(&self.serving)
    }
}

impl Shadow {
    pub(crate) fn new(champion: Arc<Champion>) -> Self {
        Self {
            champion,
            monitor: Arc::default(),
        }
    }

    /// Logs and judges what it says of what is known now.
    pub(crate) fn observe(
        &self,
        knowledge: &Arc<Knowledge>,
    ) -> Result<MonitorState, PredictorError> {
        let serving = Serving::new(Arc::clone(&self.champion), Arc::clone(knowledge))?;
        Ok(self.monitor.observe(&serving))
    }

    pub(crate) fn state(&self) -> Option<MonitorState> {
        self.monitor.state()
    }
}

/// Where a client stands between 0 and 99. Fixed keys: the same client stands there after a
/// restart.
fn share_of(client_id: &str) -> u8 {
    let mut hasher = DefaultHasher::new();
    client_id.hash(&mut hasher);
    (hasher.finish() % 100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_spread_over_the_hundred_and_stay_where_they_are() {
        let below = |percent: u8| {
            (0..1_000)
                .filter(|client| share_of(&client.to_string()) < percent)
                .count()
        };
        assert!((150..250).contains(&below(20)), "{}", below(20));
        assert_eq!((below(0), below(100)), (0, 1_000));
        assert_eq!(share_of("demo"), share_of("demo"));
    }
}
