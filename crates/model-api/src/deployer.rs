//! Changes of the deployment: a new champion, newer demand, a canary or a shadow.

mod canary;

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use filrouge_model::PredictorError;
use filrouge_model::canary::CanaryBounds;
use filrouge_model::champion::ChampionError;
use filrouge_types::Hour;
use tokio::sync::Mutex;

use crate::canary_trial::{CanaryOutcome, CanaryTrial};
use crate::data_api::{DataApi, DataApiError};
use crate::demand::DemandSnapshot;
use crate::deployment::Deployment;
use crate::metrics::ModelMetrics;
use crate::monitor::Monitor;
use crate::registry::{Registry, ReloadError};
use crate::rollout::{Canary, Rollout, Shadow};

/// Replaces the deployment in service, one change at a time. Requests read it without waiting.
#[derive(Debug)]
pub(crate) struct Deployer {
    current: ArcSwap<Deployment>,
    standing: ArcSwap<Standing>,
    registry: Registry,
    data_api: DataApi,
    monitor: Monitor,
    canary_bounds: CanaryBounds,
    /// The canary that is judged, else the last one that was.
    last_trial: ArcSwapOption<CanaryTrial>,
    metrics: ModelMetrics,
    /// Held while a change is under way: each starts from the deployment before. Only changes wait
    /// for it.
    changes: Mutex<()>,
    /// Held while the data API is read: each reading starts from the one before. Apart from
    /// `changes`, since a promotion must not wait for another service.
    readings: Mutex<()>,
}

/// The champion that is named, as the last change found it.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    /// Its name; none when nothing names one.
    pub(crate) named: Option<String>,
    /// True when it cannot serve: the version that answers, if any, stands in for it.
    pub(crate) has_stand_in: bool,
}

/// The demand was not renewed. The one before goes on serving.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The data API gave nothing that can be used.
    #[error(transparent)]
    DataApi(#[from] DataApiError),
    /// A version in service fails on the new demand.
    #[error(transparent)]
    Model(#[from] PredictorError),
}

impl Deployer {
    /// A deployer with nothing in service.
    pub(crate) fn new(
        registry: Registry,
        data_api: DataApi,
        monitor: Monitor,
        canary_bounds: CanaryBounds,
        metrics: ModelMetrics,
    ) -> Arc<Self> {
        let last_trial = CanaryTrial::last(&registry.folder);

        Arc::new(Self {
            current: ArcSwap::default(),
            standing: ArcSwap::default(),
            registry,
            data_api,
            monitor,
            canary_bounds,
            last_trial: ArcSwapOption::from_pointee(last_trial),
            metrics,
            changes: Mutex::default(),
            readings: Mutex::default(),
        })
    }

    /// The deployment in service.
    pub(crate) fn current(&self) -> Arc<Deployment> {
        self.current.load_full()
    }

    /// The folder of the versions.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The journal of the champion's predictions.
    pub(crate) fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The champion that is named, beside the one that serves.
    pub(crate) fn standing(&self) -> Arc<Standing> {
        self.standing.load_full()
    }

    /// Puts the champion that the registry names in service; says whether what serves changed.
    ///
    /// # Errors
    /// When it cannot serve. The version in service goes on; at a start, one that can serve
    /// stands in for it.
    pub(crate) async fn reload(self: &Arc<Self>) -> Result<bool, ReloadError> {
        let changed = self.change(Self::load_champion).await;
        if changed.is_err() {
            self.metrics.reload_failures.inc();
        }
        self.blocking_turn(Self::resume_canary).await;
        changed
    }

    /// Puts `version` in service and names it champion.
    pub(crate) async fn promote(self: &Arc<Self>, version: String) -> Result<bool, ReloadError> {
        let changed = self
            .change(move |this| this.replace_champion(&version, Registry::promote))
            .await;
        self.count_refusal(&changed);
        changed
    }

    /// Puts a version that served before the champion back in service, and leaves the champion for
    /// good.
    pub(crate) async fn roll_back(self: &Arc<Self>) -> Result<bool, ReloadError> {
        let changed = self.change(Self::go_back).await;
        self.count_refusal(&changed);
        changed
    }

    /// Runs these versions beside the champion, and no other; those that ran go on when one of
    /// these cannot serve.
    pub(crate) async fn roll_out(
        self: &Arc<Self>,
        canary: Option<(String, u8)>,
        shadow: Option<String>,
    ) -> Result<(), ReloadError> {
        self.blocking_turn(move |this| this.load_beside(canary, shadow))
            .await
    }

    /// Has `version` answer a share of the clients, and judges it beside the champion until it is
    /// promoted or rolled back.
    pub(crate) async fn start_canary(
        self: &Arc<Self>,
        version: String,
    ) -> Result<CanaryTrial, ReloadError> {
        let started = self
            .blocking_turn(move |this| this.begin_trial(&version))
            .await;
        if started.as_ref().is_err_and(ReloadError::is_refusal) {
            self.metrics.reload_failures.inc();
        }
        started
    }

    /// The canary that is judged, else the last one that was.
    pub(crate) fn last_trial(&self) -> Option<Arc<CanaryTrial>> {
        self.last_trial.load_full()
    }

    /// Reads the demand counted lately and the conditions to come; says whether there is any.
    pub(crate) async fn refresh(self: &Arc<Self>, under_way: Hour) -> Result<bool, RefreshError> {
        let _turn = self.readings.lock().await;
        let refreshed = self.serve_demand(under_way).await;
        match &refreshed {
            Err(_) => self.metrics.refresh_failures.inc(),
            Ok(_) => self.blocking_turn(Self::judge_canary).await,
        }
        refreshed
    }

    /// Does work that reads files or runs a model, after the changes under way.
    async fn blocking_turn<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        let _turn = self.changes.lock().await;
        let this = Arc::clone(self);
        run_blocking(move || work(&this)).await
    }

    /// Does one change of the champion, after those under way.
    async fn change(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<bool, ReloadError> + Send + 'static,
    ) -> Result<bool, ReloadError> {
        let changed = self.blocking_turn(work).await;
        // Read every ten seconds: an unchanged champion is no event.
        if matches!(changed, Ok(true)) {
            self.metrics.reloads.inc();
        }
        changed
    }

    fn count_refusal(&self, changed: &Result<bool, ReloadError>) {
        if changed.as_ref().is_err_and(ReloadError::is_refusal) {
            self.metrics.reload_failures.inc();
        }
    }

    async fn serve_demand(self: &Arc<Self>, under_way: Hour) -> Result<bool, RefreshError> {
        // Without the turn of `changes`: pages may take many seconds to come.
        let previous = self.current().demand.clone();
        let read = DemandSnapshot::read(previous.as_deref(), &self.data_api, under_way).await?;
        let Some(demand) = read else {
            return Ok(false);
        };

        let _turn = self.changes.lock().await;
        let this = Arc::clone(self);
        let demand = Some(Arc::new(demand));
        run_blocking(move || this.deploy(this.current().rollout.clone(), demand)).await?;
        Ok(true)
    }

    fn load_champion(&self) -> Result<bool, ReloadError> {
        let named = self.registry.champion();
        let version = named.as_ref().ok().cloned();

        let changed = named
            .map_err(ReloadError::from)
            .and_then(|named| self.replace_champion(&named, |_, _| Ok(())));
        let Err(error) = changed else {
            return changed;
        };

        let changed = self.load_stand_in();
        // A state that never trained anything is served by the shipped version: that is no fault.
        let is_fault = !self.registry.is_new();
        self.show_standing(version, is_fault);
        if is_fault || self.version_in_service().is_none() {
            return Err(error);
        }
        Ok(changed)
    }

    /// Puts a version that can serve in service when none is; says whether there is one.
    fn load_stand_in(&self) -> bool {
        let current = self.current();
        if current.rollout.champion.is_some() {
            return false;
        }
        let Some(model) = self.registry.load_stand_in() else {
            return false;
        };

        tracing::warn!(version = model.version(), "this version stands in");
        let rollout = Rollout {
            champion: Some(model),
            ..current.rollout.clone()
        };
        self.deploy(rollout, current.demand.clone()).is_ok()
    }

    /// Puts `version` in service once `name` has written that it is the champion.
    ///
    /// It is named once it has shown that it can serve, and serves once it is named: whoever stops
    /// in between leaves a good champion.
    fn replace_champion(
        &self,
        version: &str,
        name: impl FnOnce(&Registry, &str) -> Result<(), ChampionError>,
    ) -> Result<bool, ReloadError> {
        let changed = self.version_in_service().as_deref() != Some(version);
        if changed {
            let current = self.current();
            let rollout = Rollout {
                champion: Some(self.registry.load(version)?),
                ..current.rollout.clone()
            };
            let next = Deployment::new(rollout, current.demand.clone(), &self.monitor)
                .map_err(|source| ReloadError::unusable(version, source))?;

            name(&self.registry, version)?;
            self.put_in_service(next);
            tracing::info!(version, "model put in service");
        } else {
            name(&self.registry, version)?;
        }

        self.show_standing(Some(version.to_owned()), false);
        Ok(changed)
    }

    /// Goes back to the nearest version that served before and still can.
    fn go_back(&self) -> Result<bool, ReloadError> {
        let mut refusal = None;

        for version in self.registry.before()? {
            match self.replace_champion(&version, Registry::roll_back) {
                Err(error) if error.is_refusal() => {
                    tracing::warn!(%error, "the rollback goes further back");
                    refusal = Some(error);
                }
                answer => return answer,
            }
        }

        Err(match refusal {
            Some(error) => error,
            None => ChampionError::NothingBefore(self.registry.champion()?).into(),
        })
    }

    /// Name of the version that serves, if any.
    pub(crate) fn version_in_service(&self) -> Option<String> {
        let current = self.current();
        let champion = current.rollout.champion.as_ref();
        champion.map(|model| model.version().to_owned())
    }

    fn show_standing(&self, named: Option<String>, has_stand_in: bool) {
        self.metrics
            .champion_unusable
            .set(f64::from(u8::from(has_stand_in)));
        self.standing.store(Arc::new(Standing {
            named,
            has_stand_in,
        }));
    }

    fn load_beside(
        &self,
        canary: Option<(String, u8)>,
        shadow: Option<String>,
    ) -> Result<(), ReloadError> {
        let current = self.current();
        let named = canary
            .as_ref()
            .map(|(version, _)| version)
            .or(shadow.as_ref());
        let named = named.cloned().unwrap_or_default();

        let canary = canary.map(|(version, percent)| {
            let model = self.registry.load(&version)?;
            Ok::<_, ReloadError>(Canary {
                model,
                percent,
                trial: None,
            })
        });
        let shadow = shadow.map(|version| self.registry.load(&version).map(Shadow::new));
        let rollout = Rollout {
            champion: current.rollout.champion.clone(),
            canary: canary.transpose()?,
            shadow: shadow.transpose()?,
        };

        self.deploy(rollout, current.demand.clone())
            .map_err(|source| ReloadError::unusable(&named, source))?;
        self.end_trial(&current, CanaryOutcome::Stopped);
        Ok(())
    }

    /// Puts a deployment in service, or leaves the present one as it is.
    fn deploy(
        &self,
        rollout: Rollout,
        demand: Option<Arc<DemandSnapshot>>,
    ) -> Result<(), PredictorError> {
        let next = Deployment::new(rollout, demand, &self.monitor)?;
        self.put_in_service(next);
        Ok(())
    }

    fn put_in_service(&self, next: Deployment) {
        let next = Arc::new(next);
        let before = self.current.swap(Arc::clone(&next));
        self.metrics.show(&next);

        // The history holds the versions that answered, so this one enters it once it does.
        if let Some(version) = next.version_that_answers()
            && before.version_that_answers() != Some(version)
        {
            self.registry.record_service(version);
        }

        // Last: a slow disk does not keep clients waiting for newer predictions.
        let of_canary = next.trial().map(|(_, running)| &running.monitor);
        for monitor in std::iter::once(&self.monitor).chain(of_canary) {
            if let Err(error) = monitor.save() {
                // A disk that is full does not stop the forecasts.
                tracing::warn!(%error, "the journal of predictions cannot be kept");
            }
        }
    }
}

/// Runs work that reads files or runs a model away from the threads of HTTP.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}
