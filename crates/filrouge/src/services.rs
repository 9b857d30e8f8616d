//! The four services: their addresses and their settings.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use filrouge_accounts::Outbox;
use filrouge_artifacts::TrustedKey;
use filrouge_city::{City, Incident};
use filrouge_database::Database;
use filrouge_http::{Limits, RateLimit, Revocations};
use filrouge_model::canary::CanaryBounds;
use filrouge_personal_data::purge_on_schedule;
use filrouge_storage::StateFolder;
use filrouge_train::gates::{FILE_NAME, Gates};
use filrouge_types::{CityProfile, Clock, SystemClock};
use filrouge_web::{ApiCredential, WebConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::accounts;
use crate::cli::{GlobalArgs, Service, SignatureArguments, TriageServiceArguments};
use crate::credentials::{self, Credential, FileRenewal, FileSecret};
use crate::project;
use crate::report_reader;

/// Threads that run the model: one keeps a processor busy, two keep a queue short.
// More would fight over two processors with the threads that speak HTTP.
const MODEL_WORKERS: usize = 2;

/// The incidents of the city are looked at this often: a person who plays one waits for it.
const INCIDENTS_EVERY: Duration = Duration::from_secs(2);

/// The address of a service, such as `http://127.0.0.1:8081`: where it was said to run, else on this
/// machine.
pub(crate) fn address(global: &GlobalArgs, service: Service) -> String {
    match global.elsewhere.url(service) {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => local_address(global, service),
    }
}

/// The address of a service that runs on this machine.
pub(crate) fn local_address(global: &GlobalArgs, service: Service) -> String {
    // One that listens on all addresses answers on the machine's own.
    let host = if global.listen.is_unspecified() {
        GlobalArgs::LOCAL
    } else {
        global.listen
    };
    format!("http://{}", SocketAddr::new(host, port(global, service)))
}

/// A client of services of ours: the company's proxy does not know this machine's own addresses.
pub(crate) fn client() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy()
}

fn port(global: &GlobalArgs, service: Service) -> u16 {
    global.port_base.saturating_add(service.port_offset())
}

/// Takes the port of a service, or says how to take another.
pub(crate) async fn bind(global: &GlobalArgs, service: Service) -> Result<TcpListener> {
    bind_at(global, service.port_offset(), service.name()).await
}

/// Takes the port that is `offset` after the first, for the service `name`.
pub(crate) async fn bind_at(global: &GlobalArgs, offset: u16, name: &str) -> Result<TcpListener> {
    let port = global.port_base.saturating_add(offset);
    TcpListener::bind((global.listen, port)).await.with_context(|| {
        format!("le port {port} ({name}) est pris : arrêtez ce qui l'occupe ou décalez tout avec --port-base")
    })
}

/// The city of the seed, with the incidents that `city/incidents.json` of the state asks for.
pub(crate) fn simulated_city(global: &GlobalArgs, state: &StateFolder) -> Result<City> {
    Ok(City::new(global.seed).with_incidents(read_incidents(state)?))
}

/// The file of the incidents of the city.
pub(crate) fn incidents_file(state: &StateFolder) -> PathBuf {
    state.city().join("incidents.json")
}

/// The incidents of that file; none without it.
pub(crate) fn read_incidents(state: &StateFolder) -> Result<Vec<Incident>> {
    let path = incidents_file(state);
    match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("`{}` est illisible", path.display())),
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("`{}` n'est pas une liste d'incidents", path.display())),
    }
}

/// Waits until the incidents of the city are others than `now`. A list that cannot be read changes
/// nothing, and is told once.
async fn incidents_change(state: &StateFolder, now: &[Incident]) {
    let mut is_told = false;

    loop {
        tokio::time::sleep(INCIDENTS_EVERY).await;
        match read_incidents(state) {
            Ok(incidents) if incidents != now => return,
            Ok(_) => is_told = false,
            Err(error) if !is_told => {
                tracing::warn!(error = format!("{error:#}"), "incidents are not read");
                is_told = true;
            }
            Err(_) => {}
        }
    }
}

/// The key that the model API is told to trust, if any.
pub(crate) fn trusted_key(signature: &SignatureArguments) -> Result<Option<TrustedKey>> {
    let key = signature.require_signature.as_deref();
    key.map(TrustedKey::read)
        .transpose()
        .context("la clé publique ne peut être lue")
}

/// The bounds of a canary, which `gates.toml` writes.
fn canary_bounds() -> Result<CanaryBounds> {
    let gates = Gates::read(&project::shipped_models().join(FILE_NAME));
    Ok(gates
        .context("les bornes du canari ne peuvent être lues")?
        .canary)
}

/// Settings that services share at their start.
pub(crate) struct Start<'a> {
    pub(crate) global: &'a GlobalArgs,
    pub(crate) state: &'a StateFolder,
    pub(crate) credentials: &'a [Credential],
    pub(crate) city: CityProfile,
    /// The key that has to have signed the versions of the model API.
    pub(crate) trusted_key: Option<TrustedKey>,
    /// The AI service that the application calls.
    pub(crate) triage: &'a TriageServiceArguments,
    pub(crate) shutdown: CancellationToken,
}

impl Start<'_> {
    /// The simulated city and its sources. It opens again, on the same door, when its incidents
    /// change.
    pub(crate) async fn city(&self, listener: TcpListener) -> Result<()> {
        let listener = listener.into_std()?;

        while !self.shutdown.is_cancelled() {
            let incidents = read_incidents(self.state)?;
            let until = {
                let (shutdown, state) = (self.shutdown.clone(), self.state.clone());
                let incidents = incidents.clone();
                async move {
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = incidents_change(&state, &incidents) => {}
                    }
                }
            };
            filrouge_city::serve(
                City::new(self.global.seed).with_incidents(incidents),
                Arc::new(SystemClock),
                TcpListener::from_std(listener.try_clone()?)?,
                until,
            )
            .await
            .context("la ville s'est arrêtée")?;
        }
        Ok(())
    }

    /// The data API on `database`, whose personal data it purges on schedule.
    pub(crate) async fn data_api(&self, listener: TcpListener, database: Database) -> Result<()> {
        let keys = credentials::signing_keys(self.state.root(), "data-api", SystemClock.now())?;
        let config = filrouge_data_api::Config {
            database: database.clone(),
            clients: credentials::clients(self.credentials)?,
            signing_key: keys.current,
            former_keys: keys.former.into_iter().collect(),
            revocations: self.revocations()?,
            renewal: Some(self.renewal("data-api")),
            clock: Arc::new(SystemClock),
            limits: Limits::default(),
            rate_limit: self.rate_limit(),
        };

        tokio::select! {
            result = filrouge_data_api::serve(config, listener, self.shutdown.clone().cancelled_owned()) => result,
            // It never ends by itself: the service decides.
            () = purge_on_schedule(self.state, &database, &SystemClock) => Ok(()),
        }
    }

    /// The model API, which reads the data API.
    pub(crate) async fn model_api(&self, listener: TcpListener) -> Result<()> {
        let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
        let keys = credentials::signing_keys(self.state.root(), "model-api", SystemClock.now())?;

        let config = filrouge_model_api::Config {
            data_api: self.url(Service::DataApi)?,
            client_id: "model-api".to_owned(),
            client_secret: self.secret("model-api")?,
            models: self.state.demand_models(),
            shipped: Some(project::shipped_models()),
            trusted_key: self.trusted_key.clone(),
            canary: canary_bounds()?,
            journal: Some(self.state.root().join("predictions-journal.json")),
            availability: Some(project::shipped_availability()),
            runtime,
            workers: MODEL_WORKERS,
            clients: credentials::clients(self.credentials)?,
            signing_key: keys.current,
            former_keys: keys.former.into_iter().collect(),
            revocations: self.revocations()?,
            renewal: Some(self.renewal("model-api")),
            clock: Arc::new(SystemClock),
            limits: Limits::default(),
            rate_limit: self.rate_limit(),
        };

        filrouge_model_api::serve(config, listener, self.shutdown.clone().cancelled_owned()).await
    }

    fn rate_limit(&self) -> RateLimit {
        RateLimit::per_second(self.global.client_rate.get())
    }

    /// The web application, which reads the two APIs.
    pub(crate) async fn web(&self, listener: TcpListener) -> Result<()> {
        let config = WebConfig {
            data_api: self.url(Service::DataApi)?,
            model_api: self.url(Service::ModelApi)?,
            public_url: self.global.web_url.clone(),
            reader: self.credential("web")?,
            operator: self.credential("web-operator")?,
            officer: self.credential("web-officer")?,
            accounts: accounts::open(self.state).await?,
            outbox: Outbox::new(self.state.outbox()),
            report_reader: Some(report_reader::opener(self.triage, self.state)?),
            city: self.city.clone(),
            clock: Arc::new(SystemClock),
        };

        filrouge_web::serve(config, listener, self.shutdown.clone().cancelled_owned()).await
    }

    /// The tokens that were given back, which the services of a state share.
    fn revocations(&self) -> Result<Revocations> {
        let folder = self.state.root().join("revoked");
        Revocations::shared_in(folder.clone())
            .with_context(|| format!("`{}` ne peut être lu", folder.display()))
    }

    /// The secret under which a service asks another one for tokens.
    fn secret(&self, client_id: &'static str) -> Result<Arc<FileSecret>> {
        FileSecret::of(self.state.root(), client_id, self.credentials).map(Arc::new)
    }

    /// The name under which the application asks for tokens, and its secret.
    fn credential(&self, client_id: &'static str) -> Result<ApiCredential> {
        Ok(ApiCredential {
            client_id: client_id.to_owned(),
            client_secret: self.secret(client_id)?,
        })
    }

    /// Tells a service of the keys and secrets that commands renew while it runs.
    fn renewal(&self, service: &'static str) -> Arc<FileRenewal> {
        Arc::new(FileRenewal::of(self.state.root(), service))
    }

    fn url(&self, service: Service) -> Result<Url> {
        address(self.global, service)
            .parse()
            .context("une adresse de service est mal formée")
    }
}

#[cfg(test)]
mod tests;
