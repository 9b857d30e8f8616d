use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_http::Secret;
use filrouge_types::{FixedClock, Hour};
use filrouge_web::{Web, WebConfig, router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;
use url::Url;

/// The present in every test: a Sunday morning in Paris.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

/// One station as the data API lists it, reported three minutes ago.
pub(crate) fn station(id: &str, name: &str, bikes: u32, docks: u32) -> Value {
    json!({
        "station_id": id, "name": name, "district": "Centre", "latitude": 45.60124, "longitude": 4.1034,
        "capacity": bikes + docks, "bikes_available": bikes, "docks_available": docks,
        "reported_at": now() - TimeDelta::minutes(3),
    })
}

/// A page as a browser receives it.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// The application, its clock, and the API behind it.
pub(crate) struct Site {
    router: Router,
    pub(crate) clock: FixedClock,
    pub(crate) data_api: FakeApi,
    pub(crate) model_api: FakeApi,
}

impl Site {
    /// In front of a data API that lists `stations`.
    pub(crate) async fn with_stations(stations: Vec<Value>) -> Self {
        let data_api = FakeApi::start(stations).await;
        Self::in_front_of(data_api).await
    }

    pub(crate) async fn in_front_of(data_api: FakeApi) -> Self {
        let clock = FixedClock::at(now());
        let model_api = FakeApi::start(Vec::new()).await;

        let config = WebConfig {
            data_api: data_api.url.clone(),
            model_api: model_api.url.clone(),
            client_id: "web".into(),
            client_secret: Secret::from("secret".to_owned()),
            clock: Arc::new(clock.clone()),
        };

        Self {
            router: router(Web::new(&config).unwrap()),
            clock,
            data_api,
            model_api,
        }
    }

    pub(crate) async fn get(&self, address: &str) -> Page {
        self.send(Request::get(address).body(Body::empty()).unwrap())
            .await
    }

    /// The answer before its body is read as text.
    pub(crate) async fn send_raw(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Page {
        let response = self.send_raw(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.into()).unwrap(),
        }
    }
}

/// What the fake does instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Answers,
    Fails,
    Babbles,
    Hangs,
}

/// An API with its token endpoint, which counts what it is asked.
#[derive(Clone)]
pub(crate) struct FakeApi {
    pub(crate) url: Url,
    inner: Arc<Inner>,
}

struct Inner {
    stations: Vec<Value>,
    mood: Mutex<Mood>,
    /// The number of the only token that is good.
    good_token: AtomicU32,
    tokens: AtomicU32,
    reads: AtomicU32,
}

impl FakeApi {
    pub(crate) async fn start(stations: Vec<Value>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();

        let inner = Inner {
            stations,
            mood: Mutex::new(Mood::Answers),
            good_token: AtomicU32::new(1),
            tokens: AtomicU32::new(0),
            reads: AtomicU32::new(0),
        };

        let fake = Self {
            url,
            inner: Arc::new(inner),
        };

        let router = Router::new()
            .route("/oauth/token", post(issue_token))
            .route("/v1/stations", get(list_stations))
            .route("/v1/stations/{station_id}/forecast", get(forecast))
            .route("/v1/monitoring", get(monitoring))
            .with_state(fake.clone());

        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        *self.inner.mood.lock().unwrap() = mood;
    }

    /// The tokens given so far open nothing any more.
    pub(crate) fn revoke_tokens(&self) {
        self.inner
            .good_token
            .store(self.tokens_given() + 1, Ordering::SeqCst);
    }

    pub(crate) fn tokens_given(&self) -> u32 {
        self.inner.tokens.load(Ordering::SeqCst)
    }

    pub(crate) fn reads(&self) -> u32 {
        self.inner.reads.load(Ordering::SeqCst)
    }

    async fn act(&self) -> Option<Response> {
        let mood = *self.inner.mood.lock().unwrap();
        match mood {
            Mood::Answers => None,
            Mood::Fails => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Mood::Babbles => Some("<html>not what was asked</html>".into_response()),
            Mood::Hangs => std::future::pending().await,
        }
    }

    fn refuses(&self, headers: &HeaderMap) -> bool {
        let good = self.inner.good_token.load(Ordering::SeqCst);
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer token-"));
        given
            .and_then(|number| number.parse().ok())
            .is_none_or(|number: u32| number < good)
    }
}

async fn issue_token(State(fake): State<FakeApi>, body: String) -> Response {
    assert!(body.contains("client_id=web"), "{body}");
    let number = fake.inner.tokens.fetch_add(1, Ordering::SeqCst) + 1;
    axum::Json(json!({"access_token": format!("token-{number}"), "token_type": "Bearer", "expires_in": 900}))
        .into_response()
}

#[derive(serde::Deserialize)]
struct Cursor {
    cursor: Option<usize>,
}

/// One departure more every hour, from the hour of the tests on; the model does not know the
/// station `NEW`.
async fn forecast(
    State(fake): State<FakeApi>,
    headers: HeaderMap,
    Path(station_id): Path<String>,
) -> Response {
    fake.inner.reads.fetch_add(1, Ordering::SeqCst);
    if let Some(response) = fake.act().await {
        return response;
    }

    if fake.refuses(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }

    if station_id == "NEW" {
        return StatusCode::NOT_FOUND.into_response();
    }

    let items = (0..24).map(|ahead| {
        let hour = Hour::containing(now()) + ahead;
        json!({"hour": hour, "demand": ahead, "demand_p10": ahead / 2, "demand_p90": ahead * 2})
    });

    axum::Json(json!({
        "station_id": station_id, "model_version": "2026-02-28-4f1c9a2e", "generated_at": now(),
        "last_counted_hour": Hour::containing(now()) - 1, "items": items.collect::<Vec<_>>(),
    }))
    .into_response()
}

/// A calm day, and the one before it.
async fn monitoring(State(fake): State<FakeApi>, headers: HeaderMap) -> Response {
    fake.inner.reads.fetch_add(1, Ordering::SeqCst);
    if let Some(response) = fake.act().await {
        return response;
    }

    if fake.refuses(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }

    let day = |ago: i64| {
        json!({
            "from": now() - TimeDelta::days(ago), "rows": 960, "mae": 1.25, "last_week_mae": 2.0, "skill": 0.375,
            "relative_error": 0.4, "relative_bias": -0.02, "coverage": null,
        })
    };

    axum::Json(json!({
        "model_version": "2026-02-28-4f1c9a2e", "last_counted_hour": now(), "window": day(1), "days": [day(2), day(1)],
        "control_limits": [{"metric": "coverage", "center": 0.83, "lower": 0.75, "upper": 1.0}], "alarms": [],
        "inputs": [], "awaited_predictions": 960, "joined_predictions": 1920,
    }))
    .into_response()
}

/// Two pages whatever the city, so that following the cursor is part of every test.
async fn list_stations(
    State(fake): State<FakeApi>,
    headers: HeaderMap,
    Query(query): Query<Cursor>,
) -> Response {
    fake.inner.reads.fetch_add(1, Ordering::SeqCst);
    if let Some(response) = fake.act().await {
        return response;
    }
    if fake.refuses(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let start = query.cursor.unwrap_or(0);
    let page_length = fake.inner.stations.len().div_ceil(2).max(1);
    let end = (start + page_length).min(fake.inner.stations.len());
    let next = (end < fake.inner.stations.len()).then(|| end.to_string());
    axum::Json(json!({"items": fake.inner.stations[start..end], "next_cursor": next}))
        .into_response()
}
