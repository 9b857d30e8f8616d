//! Predictions and explanations with the weather that a client gives.

use serde_json::{Value, json};

use crate::support::{Service, this_hour};

/// A station-hour with this weather.
fn item(weather: Value) -> Value {
    json!({"station_id": "A", "hour": this_hour() + 1, "weather": weather})
}

// Preuve: C9.2 un client peut donner sa propre météo, en tout ou en partie, et elle ne vaut que pour sa demande
#[tokio::test]
async fn the_weather_that_a_client_gives_replaces_what_is_known_for_its_request_alone() {
    let service = Service::ready().await;
    service.serve_feature("temperature").await;
    let without = json!({"station_id": "A", "hour": this_hour() + 1});
    let asked = [
        item(json!({"temperature_c": 20.25})),
        item(json!({"wind_speed_kmh": 5})),
        item(json!({})),
        without,
    ];
    let answer = service.post(json!({"items": asked}).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let demands: Vec<f64> = answer.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["demand"].as_f64().unwrap())
        .collect();
    assert_eq!(
        demands,
        [20.25, 12.5, 12.5, 12.5],
        "12.5 °C is what the data API says"
    );
}

#[tokio::test]
async fn every_value_that_a_client_gives_reaches_the_model() {
    let service = Service::ready().await;
    let given = json!({"temperature_c": 3, "apparent_temperature_c": -2.5, "relative_humidity_pct": 40.5,
        "wind_speed_kmh": 6.5, "precipitation_mm": 7.25, "weather_code": 61.0});

    let features = [
        ("temperature", 3.0),
        ("apparent_temperature", -2.5),
        ("relative_humidity", 40.5),
        ("wind_speed", 6.5),
        ("precipitation", 7.25),
        // Rain, whatever its strength.
        ("weather_kind", 6.0),
    ];

    for (feature, expected) in features {
        service.serve_feature(feature).await;
        let answer = service
            .post(json!({"items": [item(given.clone())]}).to_string())
            .await
            .json();

        assert_eq!(
            answer["items"][0]["demand"], expected,
            "{feature}: {answer}"
        );
    }
}

#[tokio::test]
async fn an_explanation_takes_the_weather_of_the_client_too() {
    let service = Service::ready().await;
    let answer = service
        .post_to(
            "/v1/explanations",
            item(json!({"temperature_c": 20.25})).to_string(),
        )
        .await;

    assert_eq!(answer.status, 200, "{}", answer.text);

    let (body, is_temperature) = (answer.json(), |entry: &&Value| {
        entry["feature"] == "temperature"
    });

    assert_eq!(
        body["contributions"]
            .as_array()
            .unwrap()
            .iter()
            .find(is_temperature)
            .unwrap()["value"],
        20.25
    );
}

#[tokio::test]
async fn a_weather_that_cannot_be_is_refused_and_named() {
    let service = Service::ready().await;
    let cases = [
        (
            json!({"temperature_c": 61}),
            "items[0].weather.temperature_c",
        ),
        (
            json!({"temperature_c": "20"}),
            "items[0].weather.temperature_c",
        ),
        (
            json!({"temperature_c": null}),
            "items[0].weather.temperature_c",
        ),
        (
            json!({"relative_humidity_pct": -0.5}),
            "items[0].weather.relative_humidity_pct",
        ),
        (
            json!({"precipitation_mm": 1e300}),
            "items[0].weather.precipitation_mm",
        ),
        (
            json!({"weather_code": 4.5}),
            "items[0].weather.weather_code",
        ),
        (
            json!({"weather_code": 100}),
            "items[0].weather.weather_code",
        ),
        (json!({"humidity": 50}), "items[0].weather.humidity"),
        (Value::Null, "items[0].weather"),
    ];
    for (weather, field) in cases {
        let answer = service
            .post(json!({"items": [item(weather.clone())]}).to_string())
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["field"].as_str()),
            (422, Some(field)),
            "{weather}"
        );
    }
}
