mod data_api;
mod onnx;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
pub(crate) use filrouge_api_client::fake::Mood;
use filrouge_artifacts::TrustedKey;
use filrouge_http::{Client, Limits, RateLimit, Revocations, SecretHash, SigningKey};
use filrouge_model::availability::{ObservedHour, Stock, learn_availability};
use filrouge_model::canary::CanaryBounds;
use filrouge_model::champion;
use filrouge_model_api::{Config, ModelApi, router};
use filrouge_types::{Clock as _, FixedClock, Hour, Secret};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use data_api::FakeDataApi;
pub(crate) use data_api::departures;
use onnx::{write_version, write_version_of};

/// The present in every test.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-01T08:20:00Z".parse().unwrap()
}

/// The hour under way in every test.
pub(crate) fn this_hour() -> Hour {
    Hour::containing(now())
}

/// An answer as a client receives it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// The service, what is behind it, and a client with a token.
pub(crate) struct Service {
    pub(crate) router: Router,
    pub(crate) api: ModelApi,
    pub(crate) clock: FixedClock,
    pub(crate) data_api: FakeDataApi,
    pub(crate) models: TempDir,
    shipped: Option<TempDir>,
}

impl Service {
    /// Ready: version `v1` in service, six weeks of demand read.
    pub(crate) async fn ready() -> Self {
        Self::with_conditions(48).await
    }

    /// Ready, with conditions known for this many hours after the last counted one.
    pub(crate) async fn with_conditions(hours: i64) -> Self {
        let service = Self::unready(RateLimit::per_second(100_000)).await;
        service.data_api.set_conditions(hours);
        service.prepare().await;
        service
    }

    /// Ready, where each client may ask so often.
    pub(crate) async fn ready_with(rate_limit: RateLimit) -> Self {
        let service = Self::unready(rate_limit).await;
        service.prepare().await;
        service
    }

    async fn prepare(&self) {
        self.promote("v1");
        assert!(self.api.reload().await.unwrap());
        assert!(self.api.refresh().await.unwrap());
    }

    /// Started a moment ago: no model, no demand.
    pub(crate) async fn unready(rate_limit: RateLimit) -> Self {
        let (clock, data_api, models) = (
            FixedClock::at(now()),
            FakeDataApi::start().await,
            TempDir::new().unwrap(),
        );

        Self::start(clock, data_api, models, None, rate_limit)
    }

    /// Started on an empty folder, beside a good version that is shipped.
    pub(crate) async fn shipped_with(version: &str) -> Self {
        let shipped = TempDir::new().unwrap();
        write_version(shipped.path(), version);
        champion::promote(shipped.path(), version).unwrap();

        Self::start(
            FixedClock::at(now()),
            FakeDataApi::start().await,
            TempDir::new().unwrap(),
            Some(shipped),
            RateLimit::per_second(100_000),
        )
    }

    /// Started on an empty folder, where only what the key signed may serve.
    pub(crate) async fn trusting(key: TrustedKey) -> Self {
        let (clock, data_api, models) = (
            FixedClock::at(now()),
            FakeDataApi::start().await,
            TempDir::new().unwrap(),
        );
        let mut config = config(
            &clock,
            &data_api,
            models.path(),
            RateLimit::per_second(100_000),
        );
        config.trusted_key = Some(key);
        Self::of(config, clock, data_api, models, None)
    }

    fn start(
        clock: FixedClock,
        data_api: FakeDataApi,
        models: TempDir,
        shipped: Option<TempDir>,
        rate_limit: RateLimit,
    ) -> Self {
        let mut config = config(&clock, &data_api, models.path(), rate_limit);
        config.shipped = shipped.as_ref().map(|shipped| shipped.path().to_owned());
        Self::of(config, clock, data_api, models, shipped)
    }

    fn of(
        config: Config,
        clock: FixedClock,
        data_api: FakeDataApi,
        models: TempDir,
        shipped: Option<TempDir>,
    ) -> Self {
        let api = ModelApi::new(config).unwrap();

        Self {
            router: router(&api, Limits::default()),
            api,
            clock,
            data_api,
            models,
            shipped,
        }
    }

    /// Killed, then started again on the same folders: nothing is in service yet.
    pub(crate) fn killed_and_started(self) -> Self {
        let Self {
            clock,
            data_api,
            models,
            shipped,
            ..
        } = self;
        let rate_limit = RateLimit::per_second(100_000);
        Self::start(clock, data_api, models, shipped, rate_limit)
    }

    /// Writes a good version and names it champion.
    pub(crate) fn promote(&self, version: &str) {
        write_version(self.models.path(), version);
        champion::promote(self.models.path(), version).unwrap();
    }

    /// Writes a good version whose demand is this feature, without naming it champion.
    pub(crate) fn write_feature(&self, version: &str, feature: &str) {
        write_version_of(self.models.path(), version, feature);
    }

    /// Puts a version whose demand is this feature in service.
    pub(crate) async fn serve_feature(&self, feature: &str) {
        write_version_of(self.models.path(), feature, feature);
        champion::promote(self.models.path(), feature).unwrap();
        assert!(self.api.reload().await.unwrap());
    }

    /// Writes a good version, without naming it champion.
    pub(crate) fn write(&self, version: &str) {
        write_version(self.models.path(), version);
    }

    pub(crate) fn folder(&self, version: &str) -> std::path::PathBuf {
        Path::join(self.models.path(), version)
    }

    pub(crate) async fn token(&self, client_id: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id={client_id}&client_secret=secret-of-{client_id}"
        );
        let request =
            Request::post("/oauth/token").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request.body(Body::from(form)).unwrap()).await;
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// `GET` without a token.
    pub(crate) async fn open(&self, address: &str) -> Answer {
        self.send(Request::get(address).body(Body::empty()).unwrap())
            .await
    }

    /// `GET` as the client `demo`.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.get_as("demo", address).await
    }

    pub(crate) async fn get_as(&self, client_id: &str, address: &str) -> Answer {
        let token = self.token(client_id).await;
        self.send(
            Request::get(address)
                .header(AUTHORIZATION, format!("Bearer {token}"))
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// Asks for predictions as the client `demo`, with any body.
    pub(crate) async fn post(&self, body: impl Into<String>) -> Answer {
        self.post_to("/v1/predictions", body).await
    }

    /// `POST` of a JSON body as the client `demo`.
    pub(crate) async fn post_to(&self, address: &str, body: impl Into<String>) -> Answer {
        self.post_as("demo", address, body).await
    }

    pub(crate) async fn post_as(
        &self,
        client_id: &str,
        address: &str,
        body: impl Into<String>,
    ) -> Answer {
        let token = self.token(client_id).await;
        self.send(self.request(address, &token, body)).await
    }

    /// A `POST` of a JSON body.
    pub(crate) fn request(
        &self,
        address: &str,
        token: &str,
        body: impl Into<String>,
    ) -> Request<Body> {
        let request = Request::post(address)
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header(CONTENT_TYPE, "application/json");
        request.body(Body::from(body.into())).unwrap()
    }

    /// Serves on a port of its own until the test ends; gives `host:port`.
    pub(crate) async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = self.router.clone();
        tokio::spawn(filrouge_http::serve(
            listener,
            router,
            std::future::pending(),
        ));
        address
    }

    pub(crate) async fn send_for_bytes(&self, request: Request<Body>) -> (HeaderMap, Vec<u8>) {
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        (
            parts.headers,
            body.collect().await.unwrap().to_bytes().into(),
        )
    }

    /// Asks for predictions of station-hours.
    pub(crate) async fn predict(&self, items: &[(&str, Hour)]) -> Answer {
        let items: Vec<_> = items
            .iter()
            .map(|(id, hour)| json!({"station_id": id, "hour": hour}))
            .collect();
        self.post(json!({"items": items}).to_string()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();

        let bytes = body.collect().await.unwrap().to_bytes();

        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.into()).unwrap(),
        }
    }

    /// A day later: its hours are counted, and the service has read them.
    pub(crate) async fn live_a_day(&self) {
        self.advance(24);
        let under_way = Hour::containing(self.clock.now());
        self.data_api.set_last_counted(under_way - 1);
        assert!(self.api.refresh().await.unwrap());
    }

    /// Moves the clock by whole hours.
    pub(crate) fn advance(&self, hours: i64) {
        self.clock.advance(TimeDelta::hours(hours));
    }

    /// The value of one metric.
    pub(crate) async fn metric(&self, name: &str) -> f64 {
        let text = self.open("/metrics").await.text;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name} is not in\n{text}"))
            .parse()
            .unwrap()
    }
}

fn config(
    clock: &FixedClock,
    data_api: &FakeDataApi,
    models: &Path,
    rate_limit: RateLimit,
) -> Config {
    Config {
        data_api: data_api.url.clone(),
        client_id: "model-api".into(),
        client_secret: Arc::new(Secret::from("secret".to_owned())),
        models: models.to_owned(),
        shipped: None,
        trusted_key: None,
        canary: canary_bounds(),
        journal: Some(models.join("journal.json")),
        availability: Some(write_habits(models)),
        runtime: filrouge_onnx_runtime::ensure_runtime(
            &filrouge_onnx_runtime::default_runtime_dir(),
        )
        .unwrap(),
        workers: 2,
        clients: vec![
            client("demo", &["model:predict"]),
            client("greedy", &["model:predict"]),
            client("other", &["data:read"]),
            client("admin", &["model:admin", "model:feedback"]),
        ],
        signing_key: SigningKey::generate().unwrap(),
        former_keys: Vec::new(),
        revocations: Revocations::default(),
        renewal: None,
        clock: Arc::new(clock.clone()),
        limits: Limits::default(),
        rate_limit,
    }
}

/// Bounds that no machine is too slow for: the tests of `filrouge-model` judge times.
pub(crate) fn canary_bounds() -> CanaryBounds {
    CanaryBounds {
        most_clients_percent: 100,
        least_hours: 48,
        least_days: 2,
        most_days: 4,
        least_confidence: 0.95,
        most_slowdown: 1e6,
        least_draws: 500,
    }
}

/// The habits of the station `A`: as many bikes come as go, and trucks pass at three.
fn write_habits(folder: &Path) -> PathBuf {
    let stock = |bikes| Stock {
        bikes,
        docks: 10 - bikes,
    };
    let observed = |index: i64| ObservedHour {
        station_id: "A".parse().unwrap(),
        hour: this_hour() - 1 - index,
        is_public_holiday: false,
        before: stock(5),
        after: stock(5),
        departures: 6,
        arrivals: 6,
    };
    let observed: Vec<_> = (0..14 * 24).map(observed).collect();
    let profile = learn_availability(&observed, chrono_tz::UTC);

    let path = folder.join("availability.json");
    std::fs::write(&path, profile.to_json().unwrap()).unwrap();
    path
}

fn client(client_id: &str, scopes: &[&str]) -> Client {
    let secret = Secret::from(format!("secret-of-{client_id}"));
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    Client {
        client_id: client_id.to_owned(),
        secret_hash: SecretHash::of(&secret).unwrap(),
        scopes,
    }
}
