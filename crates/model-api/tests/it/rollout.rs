use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{Answer, Service, this_hour};

const ROLLOUT: &str = "/v1/admin/rollout";

async fn set(service: &Service, body: Value) -> Answer {
    let token = service.token("admin").await;
    let request = Request::put(ROLLOUT).header(AUTHORIZATION, format!("Bearer {token}"));
    service
        .send(
            request
                .header(CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
        )
        .await
}

async fn version_that_answers(service: &Service) -> String {
    service.predict(&[("A", this_hour())]).await.json()["model_version"]
        .as_str()
        .unwrap()
        .to_owned()
}

// Preuve: C9.2 une version canari répond à une part des clients, toujours les mêmes, et s’arrête quand on le dit
#[tokio::test]
async fn a_canary_answers_its_share_of_the_clients_and_stops_when_told() {
    let service = Service::ready().await;
    service.write("v2");
    let running = set(
        &service,
        json!({"canary": {"version": "v2", "percent": 100}}),
    )
    .await;

    assert_eq!(
        running.json(),
        json!({"canary": {"version": "v2", "percent": 100}, "shadow": null}),
        "{}",
        running.text
    );

    assert_eq!(version_that_answers(&service).await, "v2");
    assert_eq!(service.metric("model_canary_share_ratio").await, 1.0);
    assert_eq!(
        service.get("/v1/model").await.json()["version"],
        "v1",
        "the champion stays the champion"
    );

    set(&service, json!({"canary": {"version": "v2", "percent": 1}})).await;
    let first = version_that_answers(&service).await;

    for _ in 0..5 {
        assert_eq!(
            version_that_answers(&service).await,
            first,
            "a client stays on its side"
        );
    }

    set(&service, json!({})).await;
    assert_eq!(version_that_answers(&service).await, "v1");
    assert_eq!(
        service.get_as("admin", ROLLOUT).await.json(),
        json!({"canary": null, "shadow": null})
    );
}

// Preuve: C11.6 une version dans l’ombre est jugée sur les mêmes heures que la championne, sans répondre à personne
#[tokio::test]
async fn a_shadow_is_judged_beside_the_champion_and_answers_nobody() {
    let service = Service::ready().await;
    service.write("v2");
    let running = set(&service, json!({"shadow": "v2"})).await.json();
    let shadow = &running["shadow"];

    assert_eq!(
        (&shadow["version"], &shadow["rows"]),
        (&json!("v2"), &json!(48)),
        "{running}"
    );
    assert_eq!(
        shadow["mae"], shadow["champion_mae"],
        "both are the same small model"
    );

    assert_eq!(version_that_answers(&service).await, "v1");

    let metrics = service.open("/metrics").await.text;

    assert!(
        metrics.contains("model_shadow_quality{metric=\"mae\"}"),
        "{metrics}"
    );

    set(&service, json!({})).await;
    assert!(
        !service
            .open("/metrics")
            .await
            .text
            .contains("model_shadow_quality{")
    );
}

#[tokio::test]
async fn a_version_that_cannot_serve_is_not_rolled_out_and_the_rollout_before_goes_on() {
    let service = Service::ready().await;
    service.write("v2");
    service.write("bad");
    std::fs::write(service.folder("bad").join("model.onnx"), b"half a fi").unwrap();
    set(
        &service,
        json!({"canary": {"version": "v2", "percent": 100}}),
    )
    .await;

    let cases = [
        (json!({"shadow": "bad"}), 409),
        (json!({"canary": {"version": "absent", "percent": 10}}), 404),
        (json!({"canary": {"version": "../v1", "percent": 10}}), 404),
        (json!({"canary": {"version": "v2", "percent": 0}}), 422),
        (json!({"canary": {"version": "v2", "percent": 101}}), 422),
        (json!({"champion": "v2"}), 422),
    ];

    for (body, status) in cases {
        let refused = set(&service, body.clone()).await;
        assert_eq!(refused.status.as_u16(), status, "{body}: {}", refused.text);
        assert_eq!(version_that_answers(&service).await, "v2", "{body}");
    }

    assert_eq!(service.get(ROLLOUT).await.status, 403);
}

#[tokio::test]
async fn a_rollout_is_read_as_its_document_says() {
    let service = Service::ready().await;
    service.write("v2");

    let cases = [
        (
            json!({"canary": {"version": "v2", "percent": 10.0}}),
            200,
            None,
        ),
        (
            json!({"canary": {"version": "v2", "percent": 10.5}}),
            422,
            Some("canary.percent"),
        ),
        (
            json!({"canary": {"version": "v2", "percent": 0}}),
            422,
            Some("canary.percent"),
        ),
        (
            json!({"canary": {"version": "v2", "percent": 101}}),
            422,
            Some("canary.percent"),
        ),
        (json!({"canary": ["v2", 10]}), 422, Some("canary")),
        (json!({"canary": null}), 422, Some("canary")),
        (json!({"shadow": null}), 422, Some("shadow")),
        (json!([null, null]), 422, Some(".")),
        (json!([]), 422, Some(".")),
    ];

    for (body, status, field) in cases {
        let answer = set(&service, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["field"].as_str()),
            (status, field),
            "{body}"
        );
    }
}
