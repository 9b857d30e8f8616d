use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::extract::FromRef;
use chrono::{DateTime, Utc};
use filrouge_http::{Authority, AuthorityConfig, Metrics, Problem, problem};
use filrouge_model::champion::{self, ChampionError};
use filrouge_model::{Prediction, PredictorError};
use filrouge_onnx_runtime::Runtime;
use filrouge_types::{Clock, Hour};

use crate::Config;
use crate::champion::{Champion, ReloadError};
use crate::data_api::{DataApi, DataApiError};
use crate::engine::{Engine, EngineError, Question, Wanted};
use crate::knowledge::Knowledge;
use crate::metrics::ModelMetrics;
use crate::monitor::Monitor;
use crate::routes::IMPOSSIBLE;
use crate::serving::Serving;
use crate::trials::{Canary, CanaryServing, Shadow, Trials};

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
    current: Mutex<Current>,
    serving: RwLock<Option<Arc<Serving>>>,
    canary: RwLock<Option<Arc<CanaryServing>>>,
    /// Readings of the data API follow one another: each starts from the one before.
    monitor: Monitor,
    refreshing: tokio::sync::Mutex<()>,
    /// Promotions too: each may have to be undone.
    promoting: tokio::sync::Mutex<()>,
}

/// What the folder of the models holds.
#[derive(Debug)]
pub(crate) struct Versions {
    pub(crate) champion: String,
    pub(crate) versions: Vec<String>,
    pub(crate) history: Vec<String>,
}

/// The newest champion and the newest knowledge, which do not come together.
#[derive(Debug, Clone, Default)]
struct Current {
    champion: Option<Arc<Champion>>,
    knowledge: Option<Arc<Knowledge>>,
    trials: Trials,
}

/// Why what is known was not renewed. What was known before goes on serving.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The data API gave nothing that can be used.
    #[error(transparent)]
    DataApi(#[from] DataApiError),
    /// The model in service fails on what is known now.
    #[error(transparent)]
    Model(#[from] PredictorError),
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
        let Config {
            models,
            journal,
            runtime,
            workers,
            clients,
            signing_key,
            clock,
            rate_limit,
            ..
        } = config;

        let (issuer, audience) = (NAME.to_owned(), NAME.to_owned());
        let authority = AuthorityConfig {
            issuer,
            audience,
            clients,
            signing_key,
            rate_limit,
        };

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
            current: Mutex::default(),
            serving: RwLock::default(),
            canary: RwLock::default(),
            monitor: Monitor::kept_in(journal),
            refreshing: tokio::sync::Mutex::default(),
            promoting: tokio::sync::Mutex::default(),
        })))
    }

    /// Puts the version that `models/champion` names in service, if it is not already; says whether
    /// it changed.
    ///
    /// # Errors
    /// [`ReloadError`]; the version in service before goes on serving.
    pub async fn reload(&self) -> Result<bool, ReloadError> {
        let service = self.clone();
        let reloaded = aside(move || service.load_champion()).await;
        match &reloaded {
            Ok(false) => {}
            Ok(true) => self.0.metrics.reloads.inc(),
            Err(_) => self.0.metrics.reload_failures.inc(),
        }
        reloaded
    }

    /// Reads the demand counted lately and the conditions to come; says whether there is any.
    ///
    /// # Errors
    /// [`RefreshError`]; what was known before goes on serving.
    pub async fn refresh(&self) -> Result<bool, RefreshError> {
        let _one_at_a_time = self.0.refreshing.lock().await;
        self.read_knowledge()
            .await
            .inspect_err(|_| self.0.metrics.refresh_failures.inc())
    }

    /// The versions there are, the one in service, and those that were.
    pub(crate) async fn versions(&self) -> Result<Versions, ChampionError> {
        let models = self.0.models.clone();
        aside(move || {
            let champion = champion::read(&models)?;
            Ok(Versions {
                champion,
                versions: champion::versions(&models)?,
                history: champion::history(&models)?,
            })
        })
        .await
    }

    /// Names `version` champion and puts it in service; names the one before it again when it
    /// cannot serve.
    pub(crate) async fn promote(&self, version: String) -> Result<bool, ReloadError> {
        self.replace(move |models| champion::promote(models, &version))
            .await
    }

    /// Puts the champion before the present one back in service.
    pub(crate) async fn roll_back(&self) -> Result<bool, ReloadError> {
        self.replace(|models| champion::roll_back(models).map(drop))
            .await
    }

    async fn replace(
        &self,
        name: impl FnOnce(&std::path::Path) -> Result<(), ChampionError> + Send + 'static,
    ) -> Result<bool, ReloadError> {
        let _one_at_a_time = self.0.promoting.lock().await;
        let models = self.0.models.clone();
        let before = aside(move || {
            let before = champion::read(&models).ok();
            name(&models).map(|()| before)
        })
        .await?;

        let reloaded = self.reload().await;
        if let (Err(_), Some(before)) = (&reloaded, before) {
            let models = self.0.models.clone();
            aside(move || champion::promote(&models, &before)).await?;
        }

        reloaded
    }

    /// The card of a version, when it has one.
    pub(crate) async fn model_card(&self, version: &str) -> Option<String> {
        let path = self.0.models.join(version).join("MODEL_CARD.md");
        tokio::fs::read_to_string(path).await.ok()
    }

    fn load_champion(&self) -> Result<bool, ReloadError> {
        let Parts {
            models,
            runtime,
            workers,
            ..
        } = &*self.0;

        let in_service = self.current().champion;
        let version = in_service.as_ref().map(|champion| champion.version());
        let Some(champion) = Champion::load_other_than(version, models, runtime, *workers)? else {
            return Ok(false);
        };
        let version = champion.version().to_owned();
        let changed = self.change(|current| current.champion = Some(Arc::new(champion)));

        changed.map_err(|source| ReloadError::Unusable {
            version: version.clone(),
            source,
        })?;
        tracing::info!(version, "model put in service");

        Ok(true)
    }

    async fn read_knowledge(&self) -> Result<bool, RefreshError> {
        let previous = self.current().knowledge;
        let under_way = Hour::containing(self.now());
        let read = Knowledge::read(previous.as_deref(), &self.0.data_api, under_way).await?;
        let Some(knowledge) = read else {
            return Ok(false);
        };
        let last_counted = knowledge.last_counted();

        let service = self.clone();
        aside(move || service.change(|current| current.knowledge = Some(Arc::new(knowledge))))
            .await?;
        self.0
            .metrics
            .last_counted_hour
            .set(last_counted.start().timestamp());

        Ok(true)
    }

    /// Applies `change` and serves the result, or leaves everything as it was.
    fn change(&self, change: impl FnOnce(&mut Current)) -> Result<(), PredictorError> {
        let mut current = self
            .0
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut next = current.clone();

        change(&mut next);
        if let (Some(champion), Some(knowledge)) = (&next.champion, &next.knowledge) {
            let serving = Serving::new(Arc::clone(champion), Arc::clone(knowledge))?;
            let serving = Arc::new(serving);

            let canary = next
                .trials
                .canary
                .as_ref()
                .map(|canary| canary.serve(knowledge))
                .transpose()?;

            let shadow = next
                .trials
                .shadow
                .as_ref()
                .map(|shadow| shadow.observe(knowledge))
                .transpose()?;

            *self
                .0
                .canary
                .write()
                .unwrap_or_else(PoisonError::into_inner) = canary.map(Arc::new);
            self.0.metrics.watch_trials(
                next.trials.canary.as_ref().map(|canary| canary.percent),
                shadow.as_ref(),
            );

            *self
                .0
                .serving
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&serving));
            self.0.metrics.watch(
                &self.0.monitor.observe(&serving),
                serving.champion().description(),
            );
        }

        *current = next;
        Ok(())
    }

    fn current(&self) -> Current {
        self.0
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What predictions are made with, or the problem that says what is not there yet.
    pub(crate) fn serving(&self) -> Result<Arc<Serving>, Problem> {
        let serving = self
            .0
            .serving
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();

        serving.ok_or_else(|| {
            let reason = match self.current().champion {
                None => "le modèle n’est pas encore chargé",
                Some(_) => "la demande récente n’est pas encore lue",
            };
            Problem::new(&problem::NOT_READY, reason).with_retry_after(5)
        })
    }

    /// What answers `client_id`: the champion, or the version that is tried on a share of the
    /// clients.
    pub(crate) fn serving_for(&self, client_id: &str) -> Result<Arc<Serving>, Problem> {
        let canary = self
            .0
            .canary
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match canary.as_ref().and_then(|canary| canary.of(client_id)) {
            Some(serving) => Ok(Arc::clone(serving)),
            None => self.serving(),
        }
    }

    /// What is tried beside the champion.
    pub(crate) fn trials(&self) -> Trials {
        self.current().trials
    }

    /// Tries these versions from now on, and no other; those that were tried go on when one of
    /// these cannot serve.
    pub(crate) async fn try_beside(
        &self,
        canary: Option<(String, u8)>,
        shadow: Option<String>,
    ) -> Result<(), ReloadError> {
        let _one_at_a_time = self.0.promoting.lock().await;
        let service = self.clone();
        aside(move || service.load_trials(canary, shadow)).await
    }

    fn load_trials(
        &self,
        canary: Option<(String, u8)>,
        shadow: Option<String>,
    ) -> Result<(), ReloadError> {
        let Parts {
            models,
            runtime,
            workers,
            ..
        } = &*self.0;

        let load = |version: &str| {
            Champion::load_version(version, models, runtime, *workers).map(Arc::new)
        };
        let named = canary
            .as_ref()
            .map(|(version, _)| version.clone())
            .or_else(|| shadow.clone())
            .unwrap_or_default();

        let canary = canary
            .map(|(version, percent)| load(&version).map(|champion| Canary { champion, percent }))
            .transpose()?;
        let shadow = shadow
            .map(|version| load(&version).map(Shadow::new))
            .transpose()?;

        self.change(|current| current.trials = Trials { canary, shadow })
            .map_err(|source| ReloadError::Unusable {
                version: named,
                source,
            })
    }

    /// One prediction a station-hour, in the order asked: recalled where it was made already.
    pub(crate) async fn predict(
        &self,
        serving: Arc<Serving>,
        wanted: &[Wanted],
    ) -> Result<Vec<Prediction>, Problem> {
        let mut predictions: Vec<_> = wanted.iter().map(|wanted| serving.recall(wanted)).collect();
        let unknown = wanted
            .iter()
            .zip(&predictions)
            .filter(|(_, recalled)| recalled.is_none());
        let unknown: Vec<Wanted> = unknown.map(|(wanted, _)| wanted.clone()).collect();

        self.0
            .metrics
            .recalled
            .inc_by((wanted.len() - unknown.len()) as u64);

        if !unknown.is_empty() {
            let made = self
                .ask(Question::StationHours(serving, unknown))
                .await
                .map_err(|error| problem_of(&error))?;

            predictions
                .iter_mut()
                .filter(|recalled| recalled.is_none())
                .zip(made)
                .for_each(|(place, made)| {
                    *place = Some(made);
                });
        }

        Ok(predictions.into_iter().flatten().collect())
    }

    /// One prediction a row of features, in the order given.
    pub(crate) async fn predict_rows(
        &self,
        champion: Arc<Champion>,
        rows: Vec<f32>,
    ) -> Result<Vec<Prediction>, Problem> {
        self.ask(Question::Rows(champion, rows))
            .await
            .map_err(|error| match error {
                EngineError::NotFinite => Problem::new(
                    &IMPOSSIBLE,
                    "des caractéristiques sortent de ce que le modèle peut prévoir",
                )
                .with_field("inputs[0].data"),
                error => problem_of(&error),
            })
    }

    async fn ask(&self, question: Question) -> Result<Vec<Prediction>, EngineError> {
        self.0.engine.predict(question).await
    }

    pub(crate) fn monitor(&self) -> &Monitor {
        &self.0.monitor
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

fn problem_of(error: &EngineError) -> Problem {
    match error {
        EngineError::Overloaded => Problem::new(
            &problem::TOO_MANY_REQUESTS,
            "trop de prévisions attendent déjà le modèle",
        )
        .with_retry_after(1),
        error => Problem::internal(error),
    }
}

/// Runs what loads files or the model away from the threads of HTTP.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}
