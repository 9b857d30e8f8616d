use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_api_client::fake::FakeApi;
pub(crate) use filrouge_api_client::fake::Mood;
use filrouge_types::{CityProfile, FixedClock, Hour, Language, Secret};
use filrouge_web::{Web, WebConfig, router};
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
}

impl Site {
    /// In front of a data API that lists `stations`.
    pub(crate) async fn with_stations(stations: Vec<Value>) -> Self {
        let data_api = fake_api(stations).await;
        Self::in_front_of(data_api).await
    }

    pub(crate) async fn in_front_of(data_api: FakeApi) -> Self {
        let clock = FixedClock::at(now());
        let model_api = fake_api(Vec::new()).await;

        let config = WebConfig {
            data_api: data_api.url.clone(),
            model_api: model_api.url.clone(),
            client_id: "web".into(),
            client_secret: Arc::new(Secret::from("secret".to_owned())),
            city: city(),
            clock: Arc::new(clock.clone()),
        };

        Self {
            router: router(Web::new(&config).unwrap()),
            clock,
            data_api,
            model_api,
        }
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

/// An API that lists `stations`, forecasts them and watches its model.
pub(crate) async fn fake_api(stations: Vec<Value>) -> FakeApi {
    let routes = Router::new()
        .route("/v1/stations", get(list_stations))
        .route("/v1/stations/{station_id}/forecast", get(forecast))
        .route("/v1/availability", post(availability))
        .route("/v1/monitoring", get(monitoring))
        .with_state(Arc::new(stations));
    FakeApi::start("web", routes).await.unwrap()
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

/// Bikes rarer and rarer at the stations whose identifier begins with `CHANCE`; the others have no
/// habits yet.
async fn availability(axum::Json(question): axum::Json<Value>) -> Response {
    let hours = question["hours"].as_i64().unwrap();
    let hour = |ahead: i64| {
        let bike = (1.0 - 0.1 * ahead as f64).max(0.05);
        json!({
            "hour": Hour::containing(now()) + ahead, "bike": bike, "dock": 0.85,
            "bikes": 4.2, "bikes_p10": 1, "bikes_p90": 8,
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
