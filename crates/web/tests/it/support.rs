use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_accounts::{AccountId, Accounts, Credentials, Outbox, Role};
use filrouge_api_client::fake::FakeApi;
pub(crate) use filrouge_api_client::fake::Mood;
use filrouge_types::{CityProfile, FixedClock, Hour, Language, Secret};
use filrouge_web::{ApiCredential, Web, WebConfig, router};
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tower::ServiceExt;

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

fn city() -> CityProfile {
    CityProfile {
        city: "Rivemont".to_owned(),
        network: "Vélorive".to_owned(),
        is_fictional: true,
        time_zone: chrono_tz::Europe::Paris,
        language: Language::French,
    }
}

/// A page as a browser receives it.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// The application, its clock, and the API behind it.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) clock: FixedClock,
    pub(crate) data_api: FakeApi,
    pub(crate) model_api: FakeApi,
    pub(crate) accounts: Accounts,
    /// The accounts and the outbox, until the end of the test.
    pub(crate) folder: tempfile::TempDir,
}

impl Site {
    /// In front of a data API that lists `stations`.
    pub(crate) async fn with_stations(stations: Vec<Value>) -> Self {
        let data_api = fake_api(stations).await;
        Self::in_front_of(data_api).await
    }

    pub(crate) async fn in_front_of(data_api: FakeApi) -> Self {
        Self::with(data_api, |_| {}).await
    }

    /// In front of `data_api`, with settings that `change` changes.
    pub(crate) async fn with(data_api: FakeApi, change: impl FnOnce(&mut WebConfig)) -> Self {
        let clock = FixedClock::at(now());
        let model_api = fake_api(Vec::new()).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts.sqlite");
        let accounts = open_accounts(file);

        let mut config = WebConfig {
            data_api: data_api.url.clone(),
            model_api: model_api.url.clone(),
            public_url: None,
            reader: credential(),
            operator: credential(),
            officer: credential(),
            accounts: accounts.clone(),
            outbox: Outbox::new(folder.path().join("outbox")),
            report_reader: None,
            city: city(),
            clock: Arc::new(clock.clone()),
        };
        change(&mut config);

        Self {
            router: router(Web::new(&config).unwrap()),
            clock,
            data_api,
            model_api,
            accounts,
            folder,
        }
    }

    /// A new account of that role.
    pub(crate) async fn create(&self, name: &str, role: Role) -> AccountId {
        let email = format!("{name}@exemple.fr").parse().unwrap();
        let password = PASSWORD.to_owned().into();
        let created = self.accounts.create(&email, &password, role, now());
        created.await.unwrap()
    }

    /// The cookie of a new session of that person.
    pub(crate) async fn log_in(&self, name: &str) -> String {
        let credentials = Credentials {
            email: format!("{name}@exemple.fr").parse().unwrap(),
            password: PASSWORD.to_owned().into(),
            code: None,
        };
        let opened = self.accounts.log_in(&credentials, "Firefox", now()).await;
        format!("session={}", opened.unwrap().reveal())
    }

    /// The cookie of somebody new of that role.
    pub(crate) async fn session_of(&self, role: Role) -> String {
        self.create(role.name(), role).await;
        self.log_in(role.name()).await
    }

    /// The messages of the outbox to that address, the oldest first.
    pub(crate) fn messages_to(&self, email: &str) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("outbox")) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();

        let header = format!("\r\nTo: {email}\r\n");
        let texts = paths
            .iter()
            // A message that is being written has a name of its own until it is whole.
            .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
            .map(|path| std::fs::read_to_string(path).unwrap());
        texts.filter(|text| text.contains(&header)).collect()
    }

    /// The same, once there is one: messages are written after the answer.
    pub(crate) async fn wait_for_messages_to(&self, email: &str) -> Vec<String> {
        for _ in 0..2000 {
            let messages = self.messages_to(email);
            if !messages.is_empty() {
                return messages;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("no message to {email}");
    }

    /// A page as the owner of `cookie` reads it.
    pub(crate) async fn get_as(&self, cookie: &str, address: &str) -> Received {
        let request = Request::get(address).header("cookie", cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A form that the owner of `cookie` sends from our own page.
    pub(crate) async fn post_as(
        &self,
        cookie: &str,
        address: &str,
        fields: &[(&str, &str)],
    ) -> Received {
        let request = form(address).header("cookie", cookie);
        self.send(request.body(Body::from(encoded(fields))).unwrap())
            .await
    }

    /// The same, without a session.
    pub(crate) async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Received {
        self.post_as("other=1", address, fields).await
    }

    pub(crate) async fn get(&self, address: &str) -> Received {
        self.send(Request::get(address).body(Body::empty()).unwrap())
            .await
    }

    /// The answer before its body is read as text.
    pub(crate) async fn send_raw(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Received {
        let response = self.send_raw(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Received {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.into()).unwrap(),
        }
    }
}

/// Opens the accounts in a runtime of its own: in that of a test whose clock stands still, the wait
/// for a first connection would be over at once.
fn open_accounts(file: std::path::PathBuf) -> Accounts {
    let open = move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let key = file.with_extension("key");
        let opened = Accounts::open_file(&file, &key);
        runtime.block_on(opened).unwrap()
    };
    std::thread::spawn(open).join().unwrap()
}

/// The password of everybody in these tests.
pub(crate) const PASSWORD: &str = "la pluie sur le quai";

fn credential() -> ApiCredential {
    ApiCredential {
        client_id: "web".to_owned(),
        client_secret: Arc::new(Secret::from("secret".to_owned())),
    }
}

/// The token of a session, from the cookie that a browser sends.
pub(crate) fn token_of(cookie: &str) -> Secret {
    cookie.trim_start_matches("session=").to_owned().into()
}

/// A form as a browser sends it from our own page.
pub(crate) fn form(address: &str) -> axum::http::request::Builder {
    Request::post(address)
        .header("host", "velorive.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter();
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

impl Received {
    /// The address that the answer leads to.
    pub(crate) fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }

    /// The cookie of the session that the answer starts, as the browser will send it.
    pub(crate) fn session(&self) -> String {
        let cookie = self.headers["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// An API that lists `stations`, forecasts them and watches its model.
pub(crate) async fn fake_api(stations: Vec<Value>) -> FakeApi {
    FakeApi::start("web", fake_routes(stations)).await.unwrap()
}

/// Its routes.
pub(crate) fn fake_routes(stations: Vec<Value>) -> Router {
    Router::new()
        .route("/v1/stations", get(list_stations))
        .route("/v1/stations/{station_id}/forecast", get(forecast))
        .route("/v1/station-hours", get(station_hours))
        .route("/v1/availability", post(availability))
        .route("/v1/monitoring", get(monitoring))
        .route("/v1/predictions", post(predictions))
        .route("/v1/explanations", post(explanation))
        .route("/v1/quality", get(quality))
        .route("/v1/gdpr/register", get(register))
        .route("/v1/gdpr/retention", get(retention))
        .route("/v1/gdpr/audit-log", get(audit_log))
        .with_state(Arc::new(stations))
}

#[derive(serde::Deserialize)]
struct Cursor {
    cursor: Option<usize>,
}

/// One departure more every hour, from the hour of the tests on; the model does not know the
/// station `NEW`, fails on `BROKEN`, and foresees the impossible for `ABSURD`.
async fn forecast(Path(station_id): Path<String>) -> Response {
    match station_id.as_str() {
        "NEW" => return StatusCode::NOT_FOUND.into_response(),
        "BROKEN" => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => {}
    }
    let most = if station_id == "ABSURD" { -1 } else { 2 };

    let items = (0..24).map(|ahead| {
        let hour = Hour::containing(now()) + ahead;
        json!({"hour": hour, "demand": ahead, "demand_p10": ahead / 2, "demand_p90": ahead * most})
    });

    axum::Json(json!({
        "station_id": station_id, "model_version": "2026-02-28-4f1c9a2e", "generated_at": now(),
        "last_counted_hour": Hour::containing(now()) - 1, "items": items.collect::<Vec<_>>(),
    }))
    .into_response()
}

/// The hours of one station.
#[derive(serde::Deserialize)]
struct PastHours {
    station_id: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    fields: String,
}

/// Two hours after the present: 4 departures a week ago, 8 two weeks ago. Nothing was counted at
/// `NEW`.
async fn station_hours(Query(asked): Query<PastHours>) -> axum::Json<Value> {
    assert_eq!(asked.fields, "hour,departures");
    let past = [(7, 4), (14, 8), (70, 100)].map(|(days, departures)| {
        let hour = Hour::containing(now()) + 2 - 24 * days;
        (hour, departures)
    });
    let items: Vec<Value> = past
        .into_iter()
        .filter(|_| asked.station_id != "NEW")
        .filter(|(hour, _)| (asked.from..asked.to).contains(&hour.start()))
        .map(|(hour, departures)| json!({"hour": hour, "departures": departures}))
        .collect();
    axum::Json(json!({"items": items, "next_cursor": null}))
}

/// Bikes rarer and rarer at the stations whose identifier begins with `CHANCE`; the others have no
/// habits yet.
async fn availability(axum::Json(question): axum::Json<Value>) -> Response {
    let hours = question["hours"].as_i64().unwrap();
    let hour = |ahead: i64| {
        let bike = (1.0 - 0.1 * ahead as f64).max(0.05);
        json!({
            "hour": Hour::containing(now()) + ahead, "bike": bike, "dock": 0.85,
            "bikes": 4.2, "bikes_p10": 1, "bikes_p90": 8, "arrivals": 5.0,
        })
    };
    let item = |item: &Value| {
        let has_habits = item["station_id"].as_str().unwrap().starts_with("CHANCE");
        let hours: Vec<Value> = (1..=hours).filter(|_| has_habits).map(hour).collect();
        json!({"station_id": item["station_id"], "hours": hours})
    };

    let items: Vec<Value> = question["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(item)
        .collect();
    axum::Json(json!({
        "model_version": "2026-02-28-4f1c9a2e", "generated_at": now(),
        "last_counted_hour": Hour::containing(now()) - 1, "items": items,
    }))
    .into_response()
}

/// A calm day, and the one before it.
async fn monitoring() -> Response {
    let day = |ago: i64| {
        json!({
            "from": now() - TimeDelta::days(ago), "rows": 960, "mae": 1.25, "last_week_mae": 2.0, "skill": 0.375,
            "relative_error": 0.4, "relative_bias": -0.02, "coverage": null, "hourly_dispersion": null,
        })
    };

    axum::Json(json!({
        "model_version": "2026-02-28-4f1c9a2e", "last_counted_hour": now(), "window": day(1), "days": [day(2), day(1)],
        "system_residual": null, "control_limits": [{"metric": "coverage", "center": 0.83, "lower": 0.75, "upper": 1.0}], "alarms": [],
        "inputs": [], "pending_predictions": 960, "joined_predictions": 1920,
    }))
    .into_response()
}

/// Two departures an hour at each station, twice as many one time in ten.
async fn predictions(axum::Json(question): axum::Json<Value>) -> axum::Json<Value> {
    let items = question["items"].as_array().unwrap().iter().map(|item| {
        let mut item = item.clone();
        item["demand"] = json!(2.0);
        item["demand_p10"] = json!(0.5);
        item["demand_p90"] = json!(4.0);
        item
    });
    let items: Vec<Value> = items.collect();
    axum::Json(json!({"model_version": "2026-02-28-4f1c9a2e", "items": items}))
}

async fn explanation(axum::Json(question): axum::Json<Value>) -> axum::Json<Value> {
    axum::Json(json!({
        "model_version": "2026-02-28-4f1c9a2e", "station_id": question["station_id"], "hour": question["hour"],
        "demand": 2.0, "base": 1.25,
        "contributions": [
            {"feature": "lag_168", "contribution": 0.5, "value": 3.0},
            {"feature": "temperature", "contribution": 0.25, "value": null},
        ],
    }))
}

async fn quality() -> axum::Json<Value> {
    axum::Json(json!({"sources": [{
        "source": "lake", "rows_read": 1000, "rows_kept": 998, "rows_rejected": 2,
        "rules": [{"rule": "duplicate_trip", "action": "rejected", "rows": 2}],
    }]}))
}

async fn register() -> axum::Json<Value> {
    let entry = |title: &str| {
        json!({
            "title": title, "purpose": "Compter", "legal_basis": "intérêt légitime", "retention": "30 jours",
        })
    };
    axum::Json(json!({
        "controller": {}, "purge": {},
        "processings": [entry("Statistiques d’abonnement"), entry("<b>Exercice</b> des droits")],
    }))
}

async fn retention() -> axum::Json<Value> {
    axum::Json(json!({
        "last_purge_at": "2026-03-01T03:00:00Z", "every_hours": 24, "audit_log_is_whole": true,
        "items": [{
            "processing": "subscriber-statistics", "table": "subscribers", "instant": "last_seen_at",
            "days": 30, "before": "2026-01-30T08:00:00Z", "rows": 12,
        }],
    }))
}

/// Two pages of one line.
async fn audit_log(Query(query): Query<Cursor>) -> axum::Json<Value> {
    let number = query.cursor.unwrap_or(0);
    axum::Json(json!({
        "items": [{
            "audit_id": number, "at": "2026-03-01T07:00:00Z", "actor": "import", "action": "read",
            "processing": null, "subject": null, "people": 1,
        }],
        "next_cursor": (number == 0).then_some("1"),
    }))
}

/// Two pages whatever the city, so that following the cursor is part of every test.
async fn list_stations(
    State(stations): State<Arc<Vec<Value>>>,
    Query(query): Query<Cursor>,
) -> Response {
    let start = query.cursor.unwrap_or(0);
    let page_length = stations.len().div_ceil(2).max(1);
    let end = (start + page_length).min(stations.len());
    let next = (end < stations.len()).then(|| end.to_string());
    axum::Json(json!({"items": stations[start..end], "next_cursor": next})).into_response()
}

/// The texts of the elements that `selector` finds, their spaces made one.
pub(crate) fn texts(page: &str, selector: &str) -> Vec<String> {
    let document = Html::parse_document(page);
    let selector = Selector::parse(selector).unwrap();
    let words = |element: scraper::ElementRef| {
        element
            .text()
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    document.select(&selector).map(words).collect()
}
