use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::FromRef;
use chrono::{DateTime, Utc};
use filrouge_http::{Authority, AuthorityConfig, Metrics, Problem, problem};
use filrouge_model::{Prediction, Runtime};
use filrouge_types::{Clock, Hour};
use tokio::sync::Mutex;

use crate::Config;
use crate::champion::{Champion, ReloadError};
use crate::data_api::{DataApi, DataApiError};
use crate::engine::{Engine, EngineError, Serving, Wanted};
use crate::knowledge::Knowledge;
use crate::metrics::ModelMetrics;

/// The `iss` and the `aud` of the service's tokens.
const NAME: &str = "model-api";

/// The service: a champion, what it knows of the stations, and the engine that joins them.
#[derive(Clone)]
pub struct ModelApi(Arc<Parts>);

struct Parts {
    authority: Arc<Authority>,
    clock: Arc<dyn Clock>,
    data_api: DataApi,
    engine: Engine,
    http_metrics: Metrics,
    metrics: ModelMetrics,
    models: PathBuf,
    runtime: Runtime,
    workers: usize,
    champion: RwLock<Option<Arc<Champion>>>,
    knowledge: RwLock<Option<Arc<Knowledge>>>,
    /// Readings of the data API follow one another: each starts from the one before.
    refreshing: Mutex<()>,
}

impl ModelApi {
    /// Prepares the service; it is ready once [`reload`](Self::reload) and [`refresh`](Self::refresh) have succeeded.
    ///
    /// # Errors
    /// When the system gives no randomness or no thread, or the address of the data API cannot be one.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let data_api = DataApi::new(&config)?;
        let Config { models, runtime, workers, clients, signing_key, clock, rate_limit, .. } = config;
        let (issuer, audience) = (NAME.to_owned(), NAME.to_owned());
        let authority = AuthorityConfig { issuer, audience, clients, signing_key, rate_limit };
        let http_metrics = Metrics::new()?;
        let metrics = ModelMetrics::new(http_metrics.registry())?;
        Ok(Self(Arc::new(Parts {
            authority: Arc::new(Authority::new(authority, Arc::clone(&clock))?),
            engine: Engine::start(workers, metrics.clone())?,
            clock,
            data_api,
            http_metrics,
            metrics,
            models,
            runtime,
            workers,
            champion: RwLock::default(),
            knowledge: RwLock::default(),
            refreshing: Mutex::default(),
        })))
    }

    /// Puts the version that `models/champion` names in service, if it is not already; says whether it changed.
    ///
    /// # Errors
    /// [`ReloadError`]; the version in service before goes on serving.
    pub async fn reload(&self) -> Result<bool, ReloadError> {
        let service = self.clone();
        let loaded = tokio::task::spawn_blocking(move || {
            let Parts { models, runtime, workers, .. } = &*service.0;
            let in_service = read(&service.0.champion);
            let version = in_service.as_ref().map(|champion| champion.version());
            Champion::load_other_than(version, models, runtime, *workers)
        });
        match loaded.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic())) {
            Ok(None) => Ok(false),
            Ok(Some(champion)) => {
                tracing::info!(version = champion.version(), "model put in service");
                self.0.metrics.reloads.inc();
                write(&self.0.champion, champion);
                Ok(true)
            }
            Err(error) => {
                self.0.metrics.reload_failures.inc();
                Err(error)
            }
        }
    }

    /// Reads the demand counted lately and the conditions to come; says whether there is any.
    ///
    /// # Errors
    /// [`DataApiError`]; what was known before goes on serving.
    pub async fn refresh(&self) -> Result<bool, DataApiError> {
        let _one_at_a_time = self.0.refreshing.lock().await;
        let previous = read(&self.0.knowledge);
        let under_way = Hour::containing(self.now());
        let knowledge = Knowledge::read(previous.as_deref(), &self.0.data_api, under_way)
            .await
            .inspect_err(|_| self.0.metrics.refresh_failures.inc())?;
        let Some(knowledge) = knowledge else { return Ok(false) };
        self.0.metrics.last_counted_hour.set(knowledge.last_counted().start().timestamp());
        write(&self.0.knowledge, knowledge);
        Ok(true)
    }

    /// What a prediction is made with, or the problem that says what is not there yet.
    pub(crate) fn serving(&self) -> Result<Serving, Problem> {
        let champion = read(&self.0.champion).ok_or("le modèle n’est pas encore chargé");
        let knowledge = read(&self.0.knowledge).ok_or("la demande récente n’est pas encore lue");
        let not_ready = |reason| Problem::new(&problem::NOT_READY, reason).with_retry_after(5);
        Ok(Serving { champion: champion.map_err(not_ready)?, knowledge: knowledge.map_err(not_ready)? })
    }

    pub(crate) async fn predict(&self, serving: Serving, wanted: Wanted) -> Result<Vec<Prediction>, Problem> {
        self.0.engine.predict(serving, wanted).await.map_err(|error| match error {
            EngineError::Overloaded => {
                Problem::new(&problem::OVERLOADED, "trop de prévisions attendent déjà le modèle").with_retry_after(1)
            }
            error => Problem::internal(&error),
        })
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

fn read<T>(slot: &RwLock<Option<Arc<T>>>) -> Option<Arc<T>> {
    slot.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn write<T>(slot: &RwLock<Option<Arc<T>>>, value: T) {
    *slot.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(value));
}
