//! All that serves at one moment. A request takes its snapshot here once and keeps it; a change
//! builds the next deployment aside and swaps it in whole.

use std::sync::Arc;

use filrouge_model::PredictorError;

use crate::canary_trial::RunningTrial;
use crate::demand::DemandSnapshot;
use crate::loaded_model::LoadedModel;
use crate::monitor::{Monitor, MonitorState};
use crate::rollout::{Canary, Rollout};
use crate::snapshot::ServingSnapshot;

/// The versions that run, the demand they predict from, and the snapshots made of both.
#[derive(Debug, Default)]
pub(crate) struct Deployment {
    pub(crate) rollout: Rollout,
    pub(crate) demand: Option<Arc<DemandSnapshot>>,
    active: Option<Active>,
}

/// A deployment that has all it needs to answer.
#[derive(Debug)]
pub(crate) struct Active {
    pub(crate) champion: Arc<ServingSnapshot>,
    pub(crate) canary: Option<Arc<ServingSnapshot>>,
    /// The verdict on the champion.
    pub(crate) monitoring: MonitorState,
    /// The verdict on the shadow, over the same hours.
    pub(crate) shadow: Option<MonitorState>,
}

/// A deployment that cannot answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotReady {
    /// No version was loaded.
    Model,
    /// No demand was read.
    Demand,
}

impl Deployment {
    /// Prepares the next deployment: it runs the models, and the one in service is not touched.
    pub(crate) fn new(
        rollout: Rollout,
        demand: Option<Arc<DemandSnapshot>>,
        monitor: &Monitor,
    ) -> Result<Self, PredictorError> {
        let active = match (&rollout.champion, &demand) {
            (Some(champion), Some(demand)) => {
                Some(Active::new(champion, &rollout, demand, monitor)?)
            }
            _ => None,
        };

        Ok(Self {
            rollout,
            demand,
            active,
        })
    }

    /// All that answers, when there is something to answer with.
    pub(crate) fn active(&self) -> Result<&Active, NotReady> {
        self.active.as_ref().ok_or(match self.rollout.champion {
            None => NotReady::Model,
            Some(_) => NotReady::Demand,
        })
    }

    /// The champion's version, once it answers.
    pub(crate) fn version_that_answers(&self) -> Option<&str> {
        let active = self.active.as_ref()?;
        Some(active.champion.model().version())
    }

    /// The canary that is judged, with its trial.
    pub(crate) fn trial(&self) -> Option<(&Canary, &RunningTrial)> {
        let canary = self.rollout.canary.as_ref()?;
        Some((canary, canary.trial.as_deref()?))
    }

    /// The snapshot that answers `client_id`: the champion's, or the canary's for its share of the
    /// clients.
    pub(crate) fn snapshot_for(&self, client_id: &str) -> Result<&Arc<ServingSnapshot>, NotReady> {
        let active = self.active()?;
        let canary = self.rollout.canary.as_ref();
        // A canary has a snapshot as soon as the champion has one.
        Ok(match (canary, &active.canary) {
            (Some(canary), Some(snapshot)) if canary.answers(client_id) => snapshot,
            _ => &active.champion,
        })
    }
}

impl Active {
    fn new(
        champion: &Arc<LoadedModel>,
        rollout: &Rollout,
        demand: &Arc<DemandSnapshot>,
        monitor: &Monitor,
    ) -> Result<Self, PredictorError> {
        let snapshot = |model: &Arc<LoadedModel>| {
            ServingSnapshot::new(Arc::clone(model), Arc::clone(demand)).map(Arc::new)
        };
        let (canary, shadow) = (rollout.canary.as_ref(), rollout.shadow.as_ref());
        let champion = snapshot(champion)?;
        let canary = canary.map(|canary| snapshot(&canary.model)).transpose()?;
        let shadowed = shadow.map(|shadow| snapshot(&shadow.model)).transpose()?;

        // The journals are written to once every version has shown that it can serve: a deployment
        // that fails leaves no trace in them.
        let trial = rollout
            .canary
            .as_ref()
            .and_then(|canary| canary.trial.as_ref());
        if let (Some(trial), Some(canary)) = (trial, &canary) {
            trial.monitor.observe(canary);
        }
        Ok(Self {
            monitoring: monitor.observe(&champion),
            shadow: shadow
                .zip(shadowed)
                .map(|(shadow, snapshot)| shadow.monitor.observe(&snapshot)),
            champion,
            canary,
        })
    }
}
