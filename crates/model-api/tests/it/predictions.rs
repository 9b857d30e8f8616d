use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Service, departures, this_hour};

// Preuve principale: C9.2 POST /v1/predictions répond une prévision et son intervalle par couple demandé, dans l’ordre [code : crates/model-api/src/routes/predictions.rs#predict]
#[tokio::test]
async fn each_station_hour_gets_its_prediction_in_the_order_asked() {
    let service = Service::ready().await;
    let (next, later) = (this_hour() + 1, this_hour() + 12);
    let answer = service
        .predict(&[("B", later), ("A", next), ("B", next)])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    assert_eq!(body["model_version"], "v1");
    let items = body["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for (item, (station, hour)) in items.iter().zip([("B", later), ("A", next), ("B", next)]) {
        assert_eq!(
            (&item["station_id"], &item["hour"]),
            (&json!(station), &json!(hour))
        );
        let demand = item["demand"].as_f64().unwrap();
        // The level is drawn slightly towards the mean of the system.
        assert!(
            (demand - f64::from(departures(station))).abs() < 0.2,
            "{item}"
        );
        for (bound, expected) in [("demand_p10", demand / 2.0), ("demand_p90", demand * 2.0)] {
            assert!(
                (item[bound].as_f64().unwrap() - expected).abs() < 1e-5,
                "{item}"
            );
        }
    }
    // Hours to come were predicted when the demand was read; this one is predicted now.
    assert_eq!(service.metric("model_cached_predictions_total").await, 3.0);
    assert_eq!(service.predict(&[("A", this_hour() - 2)]).await.status, 200);
    assert_eq!(service.metric("model_predictions_total").await, 1.0);
    for histogram in [
        "model_queue_duration_seconds_count",
        "model_inference_duration_seconds_count",
    ] {
        assert!(service.metric(histogram).await >= 1.0, "{histogram}");
    }
}

// Preuve: C9.3 API4 : mille éléments sont servis, un de plus est refusé
#[tokio::test]
async fn a_thousand_items_are_served_and_one_more_is_refused() {
    let service = Service::ready().await;
    let hour = this_hour();

    assert_eq!(
        service.predict(&vec![("A", hour); 1000]).await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1000
    );

    let refused = service.predict(&vec![("A", hour); 1001]).await;

    assert_eq!(
        (refused.status.as_u16(), refused.json()["field"].as_str()),
        (422, Some("items"))
    );
    assert_eq!(service.predict(&[]).await.json()["field"], "items");
}

#[tokio::test]
async fn what_cannot_be_predicted_is_refused_and_named() {
    let service = Service::ready().await;
    let hour = this_hour();
    let cases = [
        ("unknown", hour, "items[1].station_id"),
        ("A", hour + 48, "items[1].hour"),
        ("A", hour - 8 * 24, "items[1].hour"),
    ];
    for (station, wanted, field) in cases {
        let answer = service.predict(&[("A", hour), (station, wanted)]).await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(answer.json()["field"], field);
    }
    for wanted in [hour + 47, hour - 7 * 24] {
        assert_eq!(
            service.predict(&[("A", wanted)]).await.status,
            200,
            "{wanted} is in the window"
        );
    }
}

// Preuve: C9.3 API3 : un champ inconnu est refusé et nommé
#[tokio::test]
async fn bodies_that_are_not_requests_are_refused_and_named() {
    let service = Service::ready().await;
    let cases = [
        ("", 400, None),
        ("{\"items\": [", 400, None),
        ("{\"items\": []} {}", 400, None),
        ("{\"item\": []}", 422, None),
        (r#"{"items": [{"station_id": "A"}]}"#, 422, Some("items[0]")),
        (
            r#"{"items": [{"station_id": "", "hour": "2026-03-01T08:00:00Z"}]}"#,
            422,
            Some("items[0].station_id"),
        ),
        (
            r#"{"items": [{"station_id": "A", "hour": "2026-03-01T08:30:00Z"}]}"#,
            422,
            Some("items[0].hour"),
        ),
        (
            r#"{"items": [{"station_id": "A", "hour": 8}]}"#,
            422,
            Some("items[0].hour"),
        ),
        (
            r#"{"items": [["A", "2026-03-01T08:00:00Z"]]}"#,
            422,
            Some("items[0]"),
        ),
        (
            r#"{"items": [{"station_id": "A", "hour": "2026-03-01T08:00:00Z", "weather": [20.5]}]}"#,
            422,
            Some("items[0].weather"),
        ),
    ];
    for (body, status, field) in cases {
        let answer = service.post(body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        if let Some(field) = field {
            assert_eq!(answer.json()["field"], field, "{body}");
        }
    }
    assert_eq!(service.post(" ".repeat((1 << 20) + 1)).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_at_once_all_get_their_own_answer() {
    let service = Arc::new(Service::ready().await);
    let mut answers = JoinSet::new();

    for number in 0..60 {
        let (service, station) = (
            Arc::clone(&service),
            if number % 2 == 0 { "A" } else { "B" },
        );

        answers.spawn(async move {
            (
                station,
                service
                    .predict(&[(station, this_hour() - number % 48)])
                    .await
                    .json(),
            )
        });
    }

    for (station, body) in answers.join_all().await {
        let item = &body["items"][0];
        assert_eq!(item["station_id"], station);
        assert!(
            (item["demand"].as_f64().unwrap() - f64::from(departures(station))).abs() < 0.2,
            "{body}"
        );
    }

    let counted = ["model_predictions_total", "model_cached_predictions_total"];

    assert_eq!(
        service.metric(counted[0]).await + service.metric(counted[1]).await,
        60.0
    );
}
