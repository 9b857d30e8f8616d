//! A canary that is judged: its start, its verdict at each reading of the data, its end.

use std::path::Path;
use std::sync::Arc;

use super::Deployer;
use crate::canary_trial::{CanaryOutcome, CanaryTrial, RunningTrial};
use crate::deployment::Deployment;
use crate::loaded_model::LoadedModel;
use crate::registry::ReloadError;
use crate::rollout::{Canary, Rollout};

impl Deployer {
    /// Deploys a canary whose trial begins.
    pub(super) fn begin_trial(&self, version: &str) -> Result<CanaryTrial, ReloadError> {
        let current = self.current();
        let active = current.active();
        let champion = active.map_err(|_| ReloadError::NothingToCompare)?;
        let champion = &champion.champion;

        let model = self.registry.load(version)?;
        let last_counted = champion.demand().last_counted();
        let trial = CanaryTrial::starting(
            version,
            champion.model().version(),
            &self.canary_bounds,
            last_counted,
        );
        // The forecasts of another trial of the same version are none of this one's.
        forget_journal(&trial, &self.registry.folder);
        self.deploy_trial(&current, model, trial.clone())?;
        self.end_trial(&current, CanaryOutcome::Stopped);
        self.keep_trial(&trial);
        tracing::info!(version, "canary started");
        Ok(trial)
    }

    /// Goes on with the canary that ran when the service stopped.
    pub(super) fn resume_canary(&self) {
        let current = self.current();
        let Some(trial) = self.last_trial().filter(|trial| trial.is_running()) else {
            return;
        };
        if current.rollout.champion.is_none() || current.rollout.canary.is_some() {
            return;
        }

        let resumed = self
            .registry
            .load(&trial.version)
            .and_then(|model| self.deploy_trial(&current, model, CanaryTrial::clone(&trial)));
        if let Err(error) = resumed {
            tracing::warn!(%error, version = trial.version, "the canary cannot go on");
            self.keep_trial(&CanaryTrial {
                outcome: CanaryOutcome::Stopped,
                ..CanaryTrial::clone(&trial)
            });
        }
    }

    fn deploy_trial(
        &self,
        current: &Deployment,
        model: Arc<LoadedModel>,
        trial: CanaryTrial,
    ) -> Result<(), ReloadError> {
        let version = trial.version.clone();
        let canary = Canary {
            model,
            percent: trial.bounds.most_clients_percent,
            trial: Some(Arc::new(RunningTrial::resume(trial, &self.registry.folder))),
        };
        let rollout = Rollout {
            canary: Some(canary),
            ..current.rollout.clone()
        };

        self.deploy(rollout, current.demand.clone())
            .map_err(|source| ReloadError::unusable(&version, source))
    }

    /// Judges the canary on the hours just read, and carries out the verdict.
    pub(super) fn judge_canary(&self) {
        let current = self.current();
        let Some((canary, running)) = current.trial() else {
            return;
        };
        let Ok(active) = current.active() else { return };
        let Some(snapshot) = &active.canary else {
            return;
        };

        if running.trial().champion != active.champion.model().version() {
            tracing::warn!("the champion has changed: the canary is stopped");
            return self.leave_canary(&current, CanaryOutcome::Stopped);
        }

        let champion = (&self.monitor, active.champion.day_ahead_time());
        let trial = running.judge(
            champion,
            snapshot.day_ahead_time(),
            active.champion.demand().last_counted(),
        );
        match trial.outcome {
            CanaryOutcome::Running => self.keep_trial(&trial),
            CanaryOutcome::Promoted => self.promote_canary(&current, canary, running),
            outcome => self.leave_canary(&current, outcome),
        }
    }

    /// Makes the canary the champion: the very model that was judged, with its own journal.
    fn promote_canary(&self, current: &Deployment, canary: &Canary, running: &RunningTrial) {
        let version = canary.model.version();
        let rollout = Rollout {
            champion: Some(Arc::clone(&canary.model)),
            canary: None,
            shadow: current.rollout.shadow.clone(),
        };
        let next = Deployment::new(rollout, current.demand.clone(), &running.monitor)
            .map_err(|source| ReloadError::unusable(version, source))
            .and_then(|next| Ok(self.registry.promote(version).map(|()| next)?));

        match next {
            Ok(next) => {
                self.monitor.take_over(&running.monitor);
                self.put_in_service(next);
                self.metrics.reloads.inc();
                self.metrics.canary_promotions.inc();
                self.show_standing(Some(version.to_owned()), false);
                self.end_trial(current, CanaryOutcome::Promoted);
            }
            // Tried again at the next reading.
            Err(error) => tracing::error!(%error, version, "the canary cannot be promoted"),
        }
    }

    /// Has the champion answer everybody again.
    fn leave_canary(&self, current: &Deployment, outcome: CanaryOutcome) {
        let rollout = Rollout {
            canary: None,
            ..current.rollout.clone()
        };
        if let Err(error) = self.deploy(rollout, current.demand.clone()) {
            // Tried again at the next reading.
            return tracing::error!(%error, "the canary cannot be left");
        }
        if outcome == CanaryOutcome::RolledBack {
            self.metrics.canary_rollbacks.inc();
        }
        self.end_trial(current, outcome);
    }

    /// Keeps the end of the trial that was in `deployment`, if any.
    pub(super) fn end_trial(&self, deployment: &Deployment, outcome: CanaryOutcome) {
        let Some((_, running)) = deployment.trial() else {
            return;
        };
        let trial = CanaryTrial {
            outcome,
            ..running.trial()
        };
        forget_journal(&trial, &self.registry.folder);
        self.keep_trial(&trial);
        tracing::info!(version = trial.version, ?outcome, "canary ended");
    }

    fn keep_trial(&self, trial: &CanaryTrial) {
        if let Err(error) = trial.write(&self.registry.folder) {
            // A disk that is full does not stop the judgement.
            tracing::warn!(%error, "the evidence of the canary cannot be kept");
        }
        self.metrics.show_canary(trial);
        self.last_trial.store(Some(Arc::new(trial.clone())));
    }
}

/// Removes the canary's forecasts once its trial has ended: the evidence holds the hours compared.
fn forget_journal(trial: &CanaryTrial, models: &Path) {
    let path = trial.journal(models);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, path = %path.display(), "a journal cannot be removed");
        }
        _ => {}
    }
}
