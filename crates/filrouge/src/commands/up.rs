//! `filrouge up`: the whole case, from five sources to a forecast on a page, until Ctrl-C.

mod case;
mod chain;
mod keep;
mod refresh;
mod sandbox;
mod summary;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use filrouge_database::Database;
use filrouge_http::process;
use filrouge_model::champion;
use filrouge_types::{Clock, SystemClock};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use case::Case;

pub(crate) use refresh::refresh;

use crate::accounts;
use crate::cli::{GlobalArgs, Service, UpArguments};
use crate::commands::collect;
use crate::credentials;
use crate::database;
use crate::interruption::interrupted;
use crate::loop_metrics::{self, LoopMetrics};
use crate::progress::Progress;
use crate::report_reader;
use crate::services::{self, Start};
use crate::state;
use crate::{print, project};

/// The longest wait for the first forecast once the services have started.
const FIRST_FORECAST: Duration = Duration::from_secs(120);

pub(crate) async fn run(global: &GlobalArgs, arguments: &UpArguments) -> Result<()> {
    let global = if arguments.sandbox {
        &sandbox::prepare(global, SystemClock.now())?
    } else {
        global
    };
    let state = state::open(&global.state)?;
    // Named: a bare `_` would release it at once.
    let _lock = state::lock(&state, "filrouge up")?;

    // Before any work: minutes of training must not end on a port in use.
    let ports = Ports::bind(global).await?;
    let are_new = !credentials::exist(state.root());
    let credentials = credentials::read_or_create(state.root())?;
    let trusted_key = services::trusted_key(&arguments.signature)?;
    // A service that is badly chosen is told before minutes of training, as a port in use.
    report_reader::chosen(&arguments.triage)?;
    let people = accounts::demonstrate(&state).await?;
    let progress = Progress::default();
    let shutdown = CancellationToken::new();
    process::watch_disk(state.root());
    let measures = Arc::new(LoopMetrics::resume(state.root())?);

    let case = Case {
        global,
        state: &state,
        credentials: &credentials,
        are_new,
        trusted_key: trusted_key.as_ref(),
        triage: &arguments.triage,
        people: &people,
        progress: &progress,
        shutdown: &shutdown,
        measures: &measures,
    };

    let mut services = JoinSet::new();
    let result = tokio::select! {
        result = case.play(ports, Arc::clone(&measures), &mut services) => result,
        signal = interrupted() => signal.map(|()| print::line("Arrêt demandé, tout s'arrête.")),
    };

    // Requests under way finish, as under `serve`: an export is not cut.
    shutdown.cancel();
    while services.join_next().await.is_some() {}
    result
}

/// The ports, taken before any work, so that one in use is known at once.
struct Ports {
    city: TcpListener,
    data_api: TcpListener,
    model_api: TcpListener,
    web: TcpListener,
    refresh: TcpListener,
}

impl Ports {
    async fn bind(global: &GlobalArgs) -> Result<Self> {
        Ok(Self {
            city: services::bind(global, Service::City).await?,
            data_api: services::bind(global, Service::DataApi).await?,
            model_api: services::bind(global, Service::ModelApi).await?,
            web: services::bind(global, Service::Web).await?,
            refresh: services::bind_at(global, loop_metrics::PORT_OFFSET, refresh::NAME).await?,
        })
    }
}

impl Case<'_> {
    async fn play(
        self,
        ports: Ports,
        measures: Arc<LoopMetrics>,
        services: &mut JoinSet<Result<()>>,
    ) -> Result<()> {
        self.install_runtime().await?;
        let stop = self.shutdown.clone().cancelled_owned();
        services.spawn(async move { measures.serve(ports.refresh, stop).await });
        // Collection reads the city over HTTP: it is up before.
        self.spawn(services, Service::City, ports.city, None);
        let database = database::open_whole(self.state).await?;
        let fresh = self.has_everything(&database).await?;
        if !fresh {
            let _writing = state::lock_writing(self.state, "filrouge up").await?;
            chain::collect_and_clean(self).await?;
            // The import waits for the disk, the training for the processors.
            tokio::try_join!(chain::import(self, &database), chain::train(self))?;
        }

        self.spawn(
            services,
            Service::DataApi,
            ports.data_api,
            Some(database.clone()),
        );

        self.spawn(services, Service::ModelApi, ports.model_api, None);
        self.spawn(services, Service::Web, ports.web, None);
        self.wait_for_forecast(services).await?;
        print::line(&summary::text(
            self.global,
            self.state,
            self.credentials,
            self.are_new,
            self.people,
        )?);

        tokio::select! {
            // One service down is the case down: a supervisor starts it again whole.
            ended = services.join_next() => ended_service(ended),
            () = keep::up_to_date(self, &database, fresh) => Ok(()),
        }
    }

    async fn install_runtime(self) -> Result<()> {
        let step = self.progress.step("ONNX Runtime");
        let folder = project::runtime_folder();
        let runtime =
            // A first start downloads it: Ctrl-C must still be heard.
            tokio::task::spawn_blocking(move || filrouge_onnx_runtime::ensure_runtime(&folder))
                .await??;
        step.done(&runtime.library().display().to_string());
        Ok(())
    }

    /// True when an earlier start went to its end on this state.
    async fn has_everything(self, database: &Database) -> Result<bool> {
        let models = self.state.demand_models();
        // A champion that is lost or damaged is no reason to train: another one stands in.
        let has_model = champion::read(&models).is_ok()
            || champion::last_served(&models).is_ok_and(|versions| !versions.is_empty());
        Ok(has_model
            && self.state.station_hours().exists()
            && database.last_hour().await?.is_some())
    }

    /// Starts a service; each runs as `filrouge serve` would run it.
    fn spawn(
        self,
        services: &mut JoinSet<Result<()>>,
        service: Service,
        listener: TcpListener,
        database: Option<Database>,
    ) {
        let (global, state) = (self.global.clone(), self.state.clone());
        let (credentials, shutdown) = (self.credentials.to_vec(), self.shutdown.clone());
        let (trusted_key, triage) = (self.trusted_key.cloned(), self.triage.clone());

        services.spawn(async move {
            let start = Start {
                global: &global,
                state: &state,
                credentials: &credentials,
                city: collect::read_profile(&global, &state, None)?.city(),
                trusted_key,
                triage: &triage,
                shutdown,
            };

            match (service, database) {
                (Service::City, _) => start.city(listener).await,
                (Service::DataApi, Some(database)) => start.data_api(listener, database).await,
                (Service::DataApi, None) => bail!("l'API de données a besoin de la base"),
                (Service::ModelApi, _) => start.model_api(listener).await,
                (Service::Web, _) => start.web(listener).await,
            }
            .with_context(|| format!("{} en échec", service.name()))
        });
    }

    /// Asks the model API whether it can forecast, as the page would.
    async fn wait_for_forecast(self, services: &mut JoinSet<Result<()>>) -> Result<()> {
        let step = self.progress.step("Première prévision");
        let ready = format!(
            "{}/health/ready",
            services::address(self.global, Service::ModelApi)
        );

        let client = services::client().build()?;
        let answer = async {
            while !client
                .get(&ready)
                .send()
                .await
                .is_ok_and(|response| response.status().is_success())
            {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };

        tokio::select! {
            () = answer => step.done("l'API du modèle répond"),
            // A service that died will never be ready: its error is told at once.
            ended = services.join_next() => return ended_service(ended),
            // Stations, availability and the rest of the case are of use without a forecast.
            () = tokio::time::sleep(FIRST_FORECAST) => {
                step.done(&format!("pas encore de prévision, le reste tourne : voyez {ready}"));
            }
        }

        Ok(())
    }
}

/// A service that ends while the case goes on is a failure of the case.
fn ended_service(ended: Option<Result<Result<()>, tokio::task::JoinError>>) -> Result<()> {
    ended
        .context("aucun service ne tourne")?
        .context("un service s'est arrêté net")??;
    bail!("un service s'est arrêté de lui-même")
}
