use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use filrouge_api_client::fake::FakeApi;
use filrouge_types::Hour;
use serde_json::{Value, json};

use super::this_hour;

const STATIONS: [&str; 2] = ["A", "B"];

/// Departures of a station during an hour: constant, so that the level of its four weeks is known.
pub(crate) fn departures(station: &str) -> u32 {
    if station == "A" { 6 } else { 2 }
}

/// A data API that knows two stations, up to the hour before the one under way and conditions 48
/// hours further.
pub(crate) struct FakeDataApi {
    api: FakeApi,
    city: Arc<KnownHours>,
}

struct KnownHours {
    /// Hours counted, since 1970: the last one.
    last_counted: AtomicI64,
    /// Hours with conditions after the last counted one.
    conditions: AtomicI64,
    /// °C, of every hour.
    temperature: Mutex<f64>,
}

impl Deref for FakeDataApi {
    type Target = FakeApi;

    fn deref(&self) -> &FakeApi {
        &self.api
    }
}

impl FakeDataApi {
    pub(crate) async fn start() -> Self {
        let city = Arc::new(KnownHours {
            last_counted: AtomicI64::new((this_hour() - 1).hours_since_epoch()),
            conditions: AtomicI64::new(48),
            temperature: Mutex::new(12.5),
        });

        let routes = Router::new()
            .route("/v1/station-hours", get(station_hours))
            .route("/v1/conditions", get(conditions))
            .with_state(Arc::clone(&city));

        Self {
            api: FakeApi::start("model-api", routes).await.unwrap(),
            city,
        }
    }

    pub(crate) fn set_last_counted(&self, hour: Hour) {
        self.city
            .last_counted
            .store(hour.hours_since_epoch(), Ordering::SeqCst);
    }

    pub(crate) fn set_conditions(&self, hours: i64) {
        self.city.conditions.store(hours, Ordering::SeqCst);
    }

    pub(crate) fn set_temperature(&self, celsius: f64) {
        *self.city.temperature.lock().unwrap() = celsius;
    }
}

#[derive(serde::Deserialize)]
struct Slice {
    from: Hour,
    to: Hour,
    limit: usize,
    cursor: Option<i64>,
}

async fn station_hours(
    State(city): State<Arc<KnownHours>>,
    Query(slice): Query<Slice>,
) -> Response {
    let end = slice.to.min(city.last_counted() + 1);
    city.page(&slice, slice.from, end, |station| Some(departures(station)))
}

async fn conditions(State(city): State<Arc<KnownHours>>, Query(slice): Query<Slice>) -> Response {
    let last = city.last_counted() + city.conditions.load(Ordering::SeqCst);
    let start = slice.from.max(city.last_counted() + 1);
    city.page(&slice, start, slice.to.min(last + 1), |_| None)
}

impl KnownHours {
    fn last_counted(&self) -> Hour {
        Hour::from_hours_since_epoch(self.last_counted.load(Ordering::SeqCst))
    }

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
        let temperature = *self.temperature.lock().unwrap();

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
