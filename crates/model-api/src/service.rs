use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::extract::FromRef;
use chrono::{DateTime, Utc};
use filrouge_http::{Authority, AuthorityConfig, Catalogue, Metrics, Problem};
use filrouge_model::Prediction;
use filrouge_model::availability::AvailabilityProfile;
use filrouge_types::{Clock, Hour};

use crate::config::Config;
use crate::data_api::DataApi;
use crate::deployer::{Deployer, RefreshError, run_blocking};
use crate::deployment::Deployment;
use crate::engine::{Engine, EngineError, InferenceRequest};
use crate::loaded_model::LoadedModel;
use crate::metrics::ModelMetrics;
use crate::monitor::Monitor;
use crate::problems::{IMPOSSIBLE, unreadable_registry};
use crate::registry::{Registry, ReloadError, Versions};
use crate::snapshot::{ServingSnapshot, StationHourRequest};

/// The `iss` and the `aud` of the service's tokens.
const NAME: &str = "model-api";

/// The service as its handlers see it: the deployment, and the engine that predicts with it.
#[derive(Clone)]
pub struct ModelApi(Arc<Parts>);

struct Parts {
    authority: Arc<Authority>,
    availability: Option<AvailabilityProfile>,
    clock: Arc<dyn Clock>,
    deployer: Arc<Deployer>,
    /// Time of the last reading of the demand, in seconds since 1970; 0 before the first.
    refreshed_at: AtomicI64,
    engine: Engine,
    http_metrics: Metrics,
    metrics: ModelMetrics,
}

impl ModelApi {
    /// Prepares the service; it is ready once [`reload`](Self::reload) and
    /// [`refresh`](Self::refresh) have succeeded.
    ///
    /// # Errors
    /// When the system gives no randomness or no thread, or the address of the data API cannot be
    /// one.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let data_api = DataApi::new(&config)?;
        let authority_config = AuthorityConfig {
            service: NAME,
            clients: config.clients,
            signing_key: config.signing_key,
            rate_limit: config.rate_limit,
        };
        let authority = Authority::new(authority_config, Arc::clone(&config.clock))?
            .with_former_keys(config.former_keys)
            .with_revocations(config.revocations)
            .with_renewal(config.renewal);
        let registry = Registry {
            folder: config.models,
            shipped: config.shipped,
            trusted_key: config.trusted_key,
            runtime: config.runtime,
            workers: config.workers,
        };

        let mut catalogue = Catalogue::default();
        let http_metrics = Metrics::new(NAME, Arc::clone(&config.clock), &mut catalogue)?;
        let metrics = ModelMetrics::new(&mut catalogue)?;
        let is_required = registry.trusted_key.is_some();
        metrics
            .signature_required
            .set(f64::from(u8::from(is_required)));
        let engine = Engine::start(config.workers, metrics.clone())?;
        let show_load = engine.show_load();
        let http_metrics = http_metrics.sampled(move || {
            show_load();
            std::future::ready(())
        });
        let monitor = Monitor::kept_in(config.journal);

        Ok(Self(Arc::new(Parts {
            authority: Arc::new(authority),
            availability: habits(config.availability.as_deref()),
            clock: config.clock,
            refreshed_at: AtomicI64::new(0),
            deployer: Deployer::new(registry, data_api, monitor, config.canary, metrics.clone()),
            engine,
            http_metrics,
            metrics,
        })))
    }

    /// Puts the version that `models/champion` names in service, if it is not already; says whether
    /// it changed.
    ///
    /// # Errors
    /// [`ReloadError`]; the version in service before goes on serving.
    pub async fn reload(&self) -> Result<bool, ReloadError> {
        self.0.deployer.reload().await
    }

    /// Reads the demand counted lately and the conditions to come; says whether there is any.
    ///
    /// # Errors
    /// [`RefreshError`]; the demand read before goes on serving.
    pub async fn refresh(&self) -> Result<bool, RefreshError> {
        let now = self.now();
        let has_demand = self.0.deployer.refresh(Hour::containing(now)).await?;
        self.0
            .refreshed_at
            .store(now.timestamp(), Ordering::Relaxed);
        Ok(has_demand)
    }

    /// Time of the last reading of the demand, once there was one.
    pub(crate) fn refreshed_at(&self) -> Option<DateTime<Utc>> {
        let seconds = self.0.refreshed_at.load(Ordering::Relaxed);
        DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0)
    }

    /// Names and serves another champion, a canary or a shadow.
    pub(crate) fn deployer(&self) -> &Arc<Deployer> {
        &self.0.deployer
    }

    /// The versions there are, the champion, and those that were.
    pub(crate) async fn versions(&self) -> Result<Versions, Problem> {
        let registry = self.0.deployer.registry().clone();
        run_blocking(move || registry.versions())
            .await
            .map_err(|error| unreadable_registry(&error))
    }

    /// All that serves now.
    pub(crate) fn deployment(&self) -> Arc<Deployment> {
        self.0.deployer.current()
    }

    /// The champion's snapshot, or the problem that names the missing part.
    pub(crate) fn champion(&self) -> Result<Arc<ServingSnapshot>, Problem> {
        Ok(Arc::clone(&self.deployment().active()?.champion))
    }

    /// The snapshot that answers `client_id`: the champion's, or the canary's for its share of the
    /// clients.
    pub(crate) fn snapshot_for(&self, client_id: &str) -> Result<Arc<ServingSnapshot>, Problem> {
        Ok(Arc::clone(self.deployment().snapshot_for(client_id)?))
    }

    /// The journal of the champion's predictions.
    pub(crate) fn monitor(&self) -> &Monitor {
        self.0.deployer.monitor()
    }

    /// One prediction a station-hour, in the order asked: cached where it was computed already.
    pub(crate) async fn predict(
        &self,
        snapshot: Arc<ServingSnapshot>,
        requests: &[StationHourRequest],
    ) -> Result<Vec<Prediction>, Problem> {
        let mut predictions: Vec<Option<Prediction>> = requests
            .iter()
            .map(|request| snapshot.cached(request))
            .collect();
        let missing: Vec<StationHourRequest> = requests
            .iter()
            .zip(&predictions)
            .filter(|(_, cached)| cached.is_none())
            .map(|(request, _)| request.clone())
            .collect();

        // A batch may be cached in part: only the rest goes to the model.
        let cached = requests.len() - missing.len();
        self.0.metrics.cached_predictions.inc_by(cached as u64);

        if !missing.is_empty() {
            let request = InferenceRequest::StationHours(snapshot, missing);
            let computed = self.0.engine.predict(request).await?;
            predictions
                .iter_mut()
                .filter(|prediction| prediction.is_none())
                .zip(computed)
                .for_each(|(prediction, computed)| *prediction = Some(computed));
        }
        Ok(predictions.into_iter().flatten().collect())
    }

    /// One prediction a row of features, in the order given.
    pub(crate) async fn predict_rows(
        &self,
        model: Arc<LoadedModel>,
        rows: Vec<f32>,
    ) -> Result<Vec<Prediction>, Problem> {
        let request = InferenceRequest::Rows(model, rows);

        self.0
            .engine
            .predict(request)
            .await
            .map_err(|error| match error {
                EngineError::NotFinite => Problem::new(
                    &IMPOSSIBLE,
                    "des caractéristiques sortent de ce que le modèle peut prévoir",
                )
                .with_field("inputs[0].data"),
                error => Problem::from(error),
            })
    }

    /// The habits of the stations, where they were learnt.
    pub(crate) fn availability(&self) -> Option<&AvailabilityProfile> {
        self.0.availability.as_ref()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    pub(crate) fn authority(&self) -> Arc<Authority> {
        Arc::clone(&self.0.authority)
    }

    pub(crate) fn http_metrics(&self) -> Metrics {
        self.0.http_metrics.clone()
    }
}

/// The habits of the file `path`. Without them the service serves all the rest.
fn habits(path: Option<&Path>) -> Option<AvailabilityProfile> {
    let read = AvailabilityProfile::read(path?);
    read.inspect_err(|error| tracing::warn!(%error, "no chances will be told"))
        .ok()
}

impl FromRef<ModelApi> for Arc<Authority> {
    fn from_ref(service: &ModelApi) -> Self {
        service.authority()
    }
}

impl std::fmt::Debug for ModelApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ModelApi")
    }
}
