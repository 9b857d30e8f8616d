use serde_json::json;

use crate::support::{Service, now, this_hour};

const FORECAST: &str = "/v1/stations/A/forecast";

// Preuve: C9.2 GET /v1/stations/{station_id}/forecast répond les 24 prochaines heures
#[tokio::test]
async fn a_forecast_starts_with_the_hour_under_way_and_lasts_a_day() {
    let service = Service::ready().await;
    let body = service.get(FORECAST).await.json();
    assert_eq!(body["station_id"], "A");
    assert_eq!(body["model_version"], "v1");
    assert_eq!(body["generated_at"], json!(now()));
    assert_eq!(body["last_counted_hour"], json!(this_hour() - 1));
    let hours: Vec<_> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["hour"].clone())
        .collect();
    assert_eq!(
        hours,
        (0..24)
            .map(|ahead| json!(this_hour() + ahead))
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn two_days_are_predicted_only_where_their_conditions_are_known() {
    for (conditions, expected) in [(48, 48), (30, 30), (0, 24)] {
        let service = Service::with_conditions(conditions).await;
        let body = service.get(&format!("{FORECAST}?hours=48")).await.json();
        assert_eq!(
            body["items"].as_array().unwrap().len(),
            expected,
            "{conditions} hours of conditions"
        );
    }
}

#[tokio::test]
async fn the_second_day_stands_on_the_prediction_of_the_first() {
    let service = Service::ready().await;
    let body = service.get(&format!("{FORECAST}?hours=48")).await.json();
    let demand = |ahead: usize| body["items"][ahead]["demand"].as_f64().unwrap();
    // The demand of station A never changes, so neither does its level, counted or predicted.
    assert!(
        (demand(47) - demand(0)).abs() < 0.2,
        "{} then {}",
        demand(0),
        demand(47)
    );
}

#[tokio::test]
async fn an_hour_that_the_model_cannot_know_is_left_out_never_invented() {
    let service = Service::ready().await;
    service.advance(40);
    let body = service.get(&format!("{FORECAST}?hours=48")).await.json();
    assert_eq!(
        body["items"].as_array().unwrap().len(),
        8,
        "48 hours after the last counted one, 40 of which are past"
    );

    service.advance(8);
    let answer = service.get(FORECAST).await;
    assert_eq!(answer.status, 503);
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("trop ancienne"),
        "{}",
        answer.text
    );
    assert!(answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn an_unknown_station_is_not_found_and_a_bad_parameter_is_named() {
    let service = Service::ready().await;
    let answer = service.get("/v1/stations/unknown/forecast").await;

    assert_eq!(
        (answer.status.as_u16(), answer.json()["type"].as_str()),
        (404, Some("/problems/not-found"))
    );

    for query in [
        "hours=0",
        "hours=49",
        "hours=-1",
        "hours=x",
        "hours=24&hours=24",
        "days=1",
    ] {
        let answer = service.get(&format!("{FORECAST}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["field"].is_string(), "{query}");
    }

    assert_eq!(service.get("/v1/stations/%20/forecast").await.status, 400);
}
