use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use filrouge_types::Hour;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::this_hour;

const STATIONS: [&str; 2] = ["A", "B"];

/// Departures of a station during an hour: constant, so that the level of its four weeks is known.
pub(crate) fn departures(station: &str) -> u32 {
    if station == "A" { 6 } else { 2 }
}

/// What the fake does instead of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Answers,
    Fails,
    Babbles,
}

/// A data API that knows two stations, up to the hour before the one under way and conditions 48
/// hours further.
#[derive(Clone)]
pub(crate) struct FakeDataApi {
    pub(crate) url: Url,
    inner: Arc<Inner>,
}

struct Inner {
    mood: Mutex<Mood>,
    good_token: AtomicU32,
    tokens: AtomicU32,
    pages: AtomicU32,
    /// Hours counted, since 1970: the last one.
    last_counted: AtomicI64,
    /// Hours with conditions after the last counted one.
    conditions: AtomicI64,
    /// °C, of every hour.
    temperature: Mutex<f64>,
}

impl FakeDataApi {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();

        let inner = Inner {
            mood: Mutex::new(Mood::Answers),
            good_token: AtomicU32::new(1),
            tokens: AtomicU32::new(0),
            pages: AtomicU32::new(0),
            last_counted: AtomicI64::new((this_hour() - 1).hours_since_epoch()),
            conditions: AtomicI64::new(48),
            temperature: Mutex::new(12.5),
        };

        let fake = Self {
            url,
            inner: Arc::new(inner),
        };
        let router = Router::new()
            .route("/oauth/token", post(issue_token))
            .route("/v1/station-hours", get(station_hours))
            .route("/v1/conditions", get(conditions))
            .with_state(fake.clone());

        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        *self.inner.mood.lock().unwrap() = mood;
    }

    /// The tokens given so far open nothing any more, in the middle of a reading too.
    pub(crate) fn revoke_tokens(&self) {
        self.inner
            .good_token
            .store(self.tokens_given() + 1, Ordering::SeqCst);
    }

    pub(crate) fn tokens_given(&self) -> u32 {
        self.inner.tokens.load(Ordering::SeqCst)
    }

    pub(crate) fn pages(&self) -> u32 {
        self.inner.pages.load(Ordering::SeqCst)
    }

    pub(crate) fn set_last_counted(&self, hour: Hour) {
        self.inner
            .last_counted
            .store(hour.hours_since_epoch(), Ordering::SeqCst);
    }

    pub(crate) fn set_conditions(&self, hours: i64) {
        self.inner.conditions.store(hours, Ordering::SeqCst);
    }

    pub(crate) fn set_temperature(&self, celsius: f64) {
        *self.inner.temperature.lock().unwrap() = celsius;
    }

    fn last_counted(&self) -> Hour {
        Hour::from_hours_since_epoch(self.inner.last_counted.load(Ordering::SeqCst))
    }

    fn refusal(&self, headers: &HeaderMap) -> Option<Response> {
        self.inner.pages.fetch_add(1, Ordering::SeqCst);
        let good = self.inner.good_token.load(Ordering::SeqCst);
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer token-"));
        if given
            .and_then(|number| number.parse().ok())
            .is_none_or(|number: u32| number < good)
        {
            return Some(StatusCode::UNAUTHORIZED.into_response());
        }
        match *self.inner.mood.lock().unwrap() {
            Mood::Answers => None,
            Mood::Fails => Some(StatusCode::SERVICE_UNAVAILABLE.into_response()),
            Mood::Babbles => Some("{\"items\": 7}".into_response()),
        }
    }
}

async fn issue_token(State(fake): State<FakeDataApi>, body: String) -> Response {
    assert!(body.contains("client_id=model-api"), "{body}");
    let number = fake.inner.tokens.fetch_add(1, Ordering::SeqCst) + 1;
    axum::Json(json!({"access_token": format!("token-{number}"), "token_type": "Bearer", "expires_in": 900}))
        .into_response()
}

#[derive(serde::Deserialize)]
struct Slice {
    from: Hour,
    to: Hour,
    limit: usize,
    cursor: Option<i64>,
}

async fn station_hours(
    State(fake): State<FakeDataApi>,
    headers: HeaderMap,
    Query(slice): Query<Slice>,
) -> Response {
    let end = slice.to.min(fake.last_counted() + 1);
    fake.refusal(&headers)
        .unwrap_or_else(|| fake.page(&slice, slice.from, end, |station| Some(departures(station))))
}

async fn conditions(
    State(fake): State<FakeDataApi>,
    headers: HeaderMap,
    Query(slice): Query<Slice>,
) -> Response {
    let last = fake.last_counted() + fake.inner.conditions.load(Ordering::SeqCst);
    let (start, end) = (
        slice.from.max(fake.last_counted() + 1),
        slice.to.min(last + 1),
    );
    fake.refusal(&headers)
        .unwrap_or_else(|| fake.page(&slice, start, end, |_| None))
}

impl FakeDataApi {
    /// Whole hours, as many as fit under the limit; the cursor is the next hour.
    fn page(
        &self,
        slice: &Slice,
        from: Hour,
        to: Hour,
        departures: impl Fn(&str) -> Option<u32>,
    ) -> Response {
        assert_eq!(slice.limit, 1000);
        let start = slice.cursor.map_or(from, Hour::from_hours_since_epoch);
        let end = to.min(start + 300);
        let temperature = *self.inner.temperature.lock().unwrap();
        let hours =
            (start.hours_since_epoch()..end.hours_since_epoch()).map(Hour::from_hours_since_epoch);
        let items: Vec<Value> = hours
            .flat_map(|hour| STATIONS.map(|station| (hour, station)))
            .map(|(hour, station)| {
                let mut item =
                    json!({"station_id": station, "hour": hour, "temperature_c": temperature});
                if let Some(departures) = departures(station) {
                    item["departures"] = departures.into();
                }
                item
            })
            .collect();
        let next = (end < to).then(|| end.hours_since_epoch().to_string());
        axum::Json(json!({"items": items, "next_cursor": next})).into_response()
    }
}
