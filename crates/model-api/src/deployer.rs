//! Changes of the deployment: a new champion, newer demand, a canary or a shadow.

use std::sync::Arc;

use arc_swap::ArcSwap;
use filrouge_model::PredictorError;
use filrouge_model::champion::ChampionError;
use filrouge_types::Hour;
use tokio::sync::{Mutex, MutexGuard};

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
    registry: Registry,
    data_api: DataApi,
    monitor: Monitor,
    metrics: ModelMetrics,
    /// Held while a change is under way: each starts from the deployment before, and a promotion
    /// may have to be undone. Only changes wait for it.
    changes: Mutex<()>,
    /// Held while the data API is read: each reading starts from the one before. Apart from
    /// `changes`, since a promotion must not wait for another service.
    readings: Mutex<()>,
}

/// The turn of one change, while it lasts.
type Turn<'a> = MutexGuard<'a, ()>;

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
        metrics: ModelMetrics,
    ) -> Arc<Self> {
        Arc::new(Self {
            current: ArcSwap::default(),
            registry,
            data_api,
            monitor,
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

    /// Puts the champion that the registry names in service; says whether it changed.
    pub(crate) async fn reload(self: &Arc<Self>) -> Result<bool, ReloadError> {
        let turn = self.changes.lock().await;
        self.serve_champion(&turn).await
    }

    /// Names `version` champion and puts it in service.
    pub(crate) async fn promote(self: &Arc<Self>, version: String) -> Result<bool, ReloadError> {
        self.rename_champion(move |registry| registry.promote(&version))
            .await
    }

    /// Puts the champion before the present one back in service.
    pub(crate) async fn roll_back(self: &Arc<Self>) -> Result<bool, ReloadError> {
        self.rename_champion(Registry::roll_back).await
    }

    /// Runs these versions beside the champion, and no other; those that ran go on when one of
    /// these cannot serve.
    pub(crate) async fn roll_out(
        self: &Arc<Self>,
        canary: Option<(String, u8)>,
        shadow: Option<String>,
    ) -> Result<(), ReloadError> {
        let _turn = self.changes.lock().await;
        let this = Arc::clone(self);
        run_blocking(move || this.load_beside(canary, shadow)).await
    }

    /// Reads the demand counted lately and the conditions to come; says whether there is any.
    pub(crate) async fn refresh(self: &Arc<Self>, under_way: Hour) -> Result<bool, RefreshError> {
        let _turn = self.readings.lock().await;
        let refreshed = self.serve_demand(under_way).await;
        if refreshed.is_err() {
            self.metrics.refresh_failures.inc();
        }
        refreshed
    }

    /// Lets `rename` name another champion; names the one before it again when it cannot serve.
    async fn rename_champion(
        self: &Arc<Self>,
        rename: impl FnOnce(&Registry) -> Result<(), ChampionError> + Send + 'static,
    ) -> Result<bool, ReloadError> {
        let turn = self.changes.lock().await;
        let registry = self.registry.clone();
        let before = run_blocking(move || {
            // No champion before is no reason to refuse the first one.
            let before = registry.champion().ok();
            rename(&registry).map(|()| before)
        })
        .await?;

        let changed = self.serve_champion(&turn).await;
        if let (Err(_), Some(before)) = (&changed, before) {
            let registry = self.registry.clone();
            run_blocking(move || registry.promote(&before)).await?;
        }
        changed
    }

    async fn serve_champion(self: &Arc<Self>, _turn: &Turn<'_>) -> Result<bool, ReloadError> {
        let this = Arc::clone(self);
        let changed = run_blocking(move || this.load_champion()).await;
        match &changed {
            // Read every ten seconds: an unchanged champion is no event.
            Ok(false) => {}
            Ok(true) => self.metrics.reloads.inc(),
            Err(_) => self.metrics.reload_failures.inc(),
        }
        changed
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
        let version = self.registry.champion()?;
        let current = self.current();
        let in_service = current.rollout.champion.as_ref();
        if in_service.is_some_and(|model| model.version() == version) {
            return Ok(false);
        }

        let rollout = Rollout {
            champion: Some(self.registry.load(&version)?),
            ..current.rollout.clone()
        };
        self.deploy(rollout, current.demand.clone())
            .map_err(|source| ReloadError::unusable(&version, source))?;

        tracing::info!(version, "model put in service");
        Ok(true)
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
            Ok::<_, ReloadError>(Canary { model, percent })
        });
        let shadow = shadow.map(|version| self.registry.load(&version).map(Shadow::new));
        let rollout = Rollout {
            champion: current.rollout.champion.clone(),
            canary: canary.transpose()?,
            shadow: shadow.transpose()?,
        };

        self.deploy(rollout, current.demand.clone())
            .map_err(|source| ReloadError::unusable(&named, source))
    }

    /// Puts a deployment in service, or leaves the present one as it is.
    fn deploy(
        &self,
        rollout: Rollout,
        demand: Option<Arc<DemandSnapshot>>,
    ) -> Result<(), PredictorError> {
        let next = Arc::new(Deployment::new(rollout, demand, &self.monitor)?);
        self.current.store(Arc::clone(&next));
        self.metrics.show(&next);

        // Last: a slow disk does not keep clients waiting for newer predictions.
        self.monitor.save();
        Ok(())
    }
}

/// Runs work that reads files or runs a model away from the threads of HTTP.
pub(crate) async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}
