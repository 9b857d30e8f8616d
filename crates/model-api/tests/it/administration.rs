use std::fs;
use std::sync::Arc;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Service, this_hour};

async fn post(service: &Service, address: &str, body: serde_json::Value) -> crate::support::Answer {
    service.post_as("admin", address, body.to_string()).await
}

// Preuve: C9.2 promouvoir une version, revenir à la précédente et lister : réservé au droit model:admin
#[tokio::test]
async fn a_version_is_promoted_rolled_back_and_listed() {
    let service = Service::ready().await;
    service.write("v2");
    let promoted = post(&service, "/v1/admin/promotions", json!({"version": "v2"})).await;

    assert_eq!(
        promoted.json(),
        json!({"version": "v2", "changed": true}),
        "{}",
        promoted.text
    );

    assert_eq!(
        service.predict(&[("A", this_hour())]).await.json()["model_version"],
        "v2"
    );
    assert_eq!(service.get("/v1/model").await.json()["version"], "v2");

    let back = post(&service, "/v1/admin/rollbacks", json!({})).await;

    assert_eq!(
        back.json(),
        json!({"version": "v1", "changed": true}),
        "{}",
        back.text
    );

    assert_eq!(
        post(&service, "/v1/admin/reloads", json!({})).await.json(),
        json!({"version": "v1", "changed": false})
    );

    let list = service.get_as("admin", "/v1/admin/versions").await.json();

    assert_eq!(
        list,
        json!({"champion": "v1", "in_service": "v1", "versions": ["v1", "v2"], "history": ["v1", "v2", "v1"]})
    );
}

// Preuve: C9.3 API6 : une version abîmée n’entre pas en service, celle d’avant répond
#[tokio::test]
async fn a_version_that_cannot_serve_is_refused_and_the_champion_stays() {
    let service = Service::ready().await;
    service.write("bad");
    fs::write(service.folder("bad").join("model.onnx"), b"half a fi").unwrap();
    let refused = post(&service, "/v1/admin/promotions", json!({"version": "bad"})).await;

    assert_eq!(
        (refused.status.as_u16(), refused.json()["type"].as_str()),
        (409, Some("/problems/model-conflict"))
    );
    assert_eq!(
        filrouge_model::champion::read(service.models.path()).unwrap(),
        "v1"
    );

    assert_eq!(
        service.predict(&[("A", this_hour())]).await.json()["model_version"],
        "v1"
    );

    for version in ["absent", "../v1", ""] {
        let refused = post(
            &service,
            "/v1/admin/promotions",
            json!({"version": version}),
        )
        .await;

        assert_eq!(
            (refused.status.as_u16(), refused.json()["field"].as_str()),
            (404, Some("version")),
            "{version}"
        );
    }

    let nothing_before = Service::ready().await;

    assert_eq!(
        post(&nothing_before, "/v1/admin/rollbacks", json!({}))
            .await
            .status,
        409
    );
}

/// Promotes `version`, and checks that it serves.
async fn promote(service: &Service, version: &str) {
    service.write(version);
    let promoted = post(
        service,
        "/v1/admin/promotions",
        json!({ "version": version }),
    )
    .await;
    assert_eq!(promoted.json()["version"], version, "{}", promoted.text);
}

/// Rolls back; gives the version in service then, or the status of the refusal.
async fn roll_back(service: &Service) -> Result<String, u16> {
    let answer = post(service, "/v1/admin/rollbacks", json!({})).await;
    if answer.status != 200 {
        return Err(answer.status.as_u16());
    }
    let version = answer.json()["version"].as_str().unwrap().to_owned();
    assert_eq!(service.get("/v1/model").await.json()["version"], *version);
    Ok(version)
}

#[tokio::test]
async fn a_refused_promotion_leaves_no_trace_and_the_way_back_open() {
    let service = Service::ready().await;
    promote(&service, "v2").await;
    service.write("bad");
    fs::write(service.folder("bad").join("model.onnx"), b"half a fi").unwrap();
    let refused = post(&service, "/v1/admin/promotions", json!({"version": "bad"})).await;
    assert_eq!(refused.status, 409);

    let list = service.get_as("admin", "/v1/admin/versions").await.json();
    assert_eq!(list["history"], json!(["v1", "v2"]));
    assert_eq!(roll_back(&service).await.as_deref(), Ok("v1"));
}

#[tokio::test]
async fn rollbacks_go_back_and_never_to_the_version_just_fled() {
    let service = Service::ready().await;
    promote(&service, "v2").await;
    promote(&service, "v3").await;

    assert_eq!(roll_back(&service).await.as_deref(), Ok("v2"));
    assert_eq!(roll_back(&service).await.as_deref(), Ok("v1"));
    assert_eq!(roll_back(&service).await, Err(409));
}

#[tokio::test]
async fn a_version_that_was_named_and_never_served_is_not_gone_back_to() {
    let service = Service::ready().await;
    // Named by a command, and replaced before the service saw it.
    service.promote("never-served");
    promote(&service, "v2").await;
    assert_eq!(roll_back(&service).await.as_deref(), Ok("v1"));
}

#[tokio::test]
async fn a_rollback_steps_over_a_version_that_cannot_serve_any_more() {
    let service = Service::ready().await;
    promote(&service, "v2").await;
    promote(&service, "v3").await;
    fs::write(service.folder("v2").join("model.onnx"), vec![0; 100]).unwrap();

    assert_eq!(roll_back(&service).await.as_deref(), Ok("v1"));
}

/// Requests under way while the champion changes.
const REQUESTS: usize = 10_000;
const CHANGES: usize = 20;

// Preuve: C9.2 dix mille requêtes pendant vingt changements de version : aucune perdue, aucune d’une version jamais promue
#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_while_the_champion_changes() {
    let service = Arc::new(Service::ready().await);
    service.write("v2");
    service.write("never-promoted");
    let token: Arc<str> = service.token("demo").await.into();
    // Half of the answers come from the cache, the other half from the model.
    let ask = |item: serde_json::Value| Arc::<str>::from(json!({ "items": [item] }).to_string());
    let bodies = [
        ask(json!({"station_id": "A", "hour": this_hour()})),
        ask(json!({"station_id": "A", "hour": this_hour(), "weather": {"temperature_c": 3}})),
    ];
    let mut clients = JoinSet::new();
    for number in 0..100 {
        let (service, token, body) = (
            Arc::clone(&service),
            Arc::clone(&token),
            Arc::clone(&bodies[number % 2]),
        );
        clients.spawn(async move {
            let mut versions = Vec::with_capacity(REQUESTS / 100);
            for _ in 0..REQUESTS / 100 {
                let answer = service
                    .send(service.request("/v1/predictions", &token, body.to_string()))
                    .await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                versions.push(answer.json()["model_version"].as_str().unwrap().to_owned());
            }
            versions
        });
    }
    for change in 0..CHANGES {
        let answer = if change % 2 == 0 {
            post(&service, "/v1/admin/promotions", json!({"version": "v2"})).await
        } else {
            post(&service, "/v1/admin/rollbacks", json!({})).await
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let versions = clients.join_all().await.concat();
    assert_eq!(versions.len(), REQUESTS);
    assert!(
        versions
            .iter()
            .all(|version| version == "v1" || version == "v2")
    );
}
