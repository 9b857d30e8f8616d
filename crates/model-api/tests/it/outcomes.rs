//! Counts that a client gives before the data API has them.

use filrouge_types::Hour;
use serde_json::{Value, json};

use crate::support::{Answer, Service, this_hour};

async fn give(service: &Service, station: &str, hour: Hour, departures: u32) -> Answer {
    let item = json!({"station_id": station, "hour": hour, "departures": departures});
    let body = json!({ "items": [item] }).to_string();
    service.post_as("admin", "/v1/outcomes", body).await
}

async fn monitoring(service: &Service) -> Value {
    service.get("/v1/monitoring").await.json()
}

/// The service an hour later: the hour that was under way is over, and not counted yet.
async fn an_hour_later() -> Service {
    let service = Service::ready().await;
    service.advance(1);
    service
}

#[tokio::test]
async fn an_hour_that_is_not_over_is_refused_and_named() {
    let service = an_hour_later().await;
    for ahead in [1, 2, 24] {
        let refused = give(&service, "A", this_hour() + ahead, 3).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["field"]),
            (409, &"items[0].hour".into()),
            "{ahead}"
        );
    }

    let taken = give(&service, "A", this_hour(), 3).await;
    assert_eq!(taken.json(), json!({"joined": 1, "unexpected": 0}));
}

#[tokio::test]
async fn a_count_that_no_station_has_is_refused_and_named() {
    let service = an_hour_later().await;
    let refused = give(&service, "A", this_hour(), 10_001).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["field"]),
        (422, &"items[0].departures".into())
    );
}

#[tokio::test]
async fn an_outcome_that_was_acknowledged_survives_a_kill() {
    let service = an_hour_later().await;
    assert_eq!(give(&service, "A", this_hour(), 3).await.status, 200);

    let service = service.killed_and_started();
    service.api.reload().await.unwrap();
    service.api.refresh().await.unwrap();

    let rows = |monitoring: &Value| {
        let days = monitoring["days"].as_array().unwrap();
        days.last().unwrap()["rows"].as_u64().unwrap()
    };
    let with = rows(&monitoring(&service).await);

    let without = an_hour_later().await;
    without.api.refresh().await.unwrap();
    assert_eq!(with, rows(&monitoring(&without).await) + 1);
}

// Preuve: C11.1 le comptage de l’API de données remplace celui qu’un client a donné
#[tokio::test]
async fn the_true_count_replaces_that_of_a_client() {
    let told = an_hour_later().await;
    give(&told, "A", this_hour(), 5_000).await;
    give(&told, "A", this_hour(), 9_000).await;
    let untold = an_hour_later().await;

    for service in [&told, &untold] {
        service.data_api.set_last_counted(this_hour());
        service.api.refresh().await.unwrap();
    }

    assert_eq!(monitoring(&told).await, monitoring(&untold).await);
}
