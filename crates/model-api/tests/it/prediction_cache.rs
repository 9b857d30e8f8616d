//! Predictions that were computed already: given again, until the version or the data
//! change.

use serde_json::json;

use crate::support::{Service, this_hour};

async fn computed(service: &Service) -> f64 {
    service.metric("model_predictions_total").await
}

#[tokio::test]
async fn a_prediction_is_computed_once_and_given_again() {
    let service = Service::ready().await;
    let hour = this_hour() - 30;
    let first = service.predict(&[("A", hour), ("B", hour)]).await.text;

    assert_eq!(computed(&service).await, 2.0);
    assert_eq!(
        service.predict(&[("A", hour), ("B", hour)]).await.text,
        first
    );
    assert_eq!(computed(&service).await, 2.0);

    // New station-hours of a request are predicted, the others cached, each in its place.
    let items = service
        .predict(&[("B", hour), ("A", hour - 1), ("A", hour)])
        .await
        .json()["items"]
        .clone();

    assert_eq!(computed(&service).await, 3.0);
    assert!(
        items[0]["demand"].as_f64() < items[2]["demand"].as_f64(),
        "B is quieter than A: {items}"
    );
    assert_eq!(items[1]["demand"], items[2]["demand"], "{items}");
}

// Preuve: C9.2 une prévision en cache l’est pour une version et un état des données, jamais au-delà
#[tokio::test]
async fn another_version_or_newer_data_predict_again() {
    let service = Service::ready().await;
    let hour = this_hour() - 30;

    assert_eq!(
        service.predict(&[("A", hour)]).await.json()["model_version"],
        "v1"
    );

    service.serve_feature("temperature").await;
    let answer = service.predict(&[("A", hour)]).await.json();

    assert_eq!(
        (&answer["model_version"], &answer["items"][0]["demand"]),
        (&json!("temperature"), &json!(12.5))
    );
    assert_eq!(computed(&service).await, 2.0);

    service.data_api.set_temperature(8.25);
    assert_eq!(
        service.predict(&[("A", hour)]).await.json()["items"][0]["demand"],
        12.5,
        "nothing newer was read"
    );

    service.api.refresh().await.unwrap();
    for hour in [hour, this_hour() + 3] {
        assert_eq!(
            service.predict(&[("A", hour)]).await.json()["items"][0]["demand"],
            8.25,
            "{hour}"
        );
    }
}

#[tokio::test]
async fn the_weather_of_a_client_is_neither_answered_from_the_cache_nor_kept_there() {
    let service = Service::ready().await;
    service.serve_feature("temperature").await;
    let asked = |weather: serde_json::Value| {
        json!({"items": [{"station_id": "A", "hour": this_hour() - 30, "weather": weather}]})
            .to_string()
    };
    for temperature in [20.25, 21.25] {
        let answer = service
            .post(asked(json!({ "temperature_c": temperature })))
            .await
            .json();
        assert_eq!(answer["items"][0]["demand"], temperature);
    }
    assert_eq!(
        service.predict(&[("A", this_hour() - 30)]).await.json()["items"][0]["demand"],
        12.5
    );
}
