use serde_json::{Value, json};

use crate::support::{Answer, Service, this_hour};

const CANARY: &str = "/v1/admin/canary";

/// A feature that is no demand at all: a version that answers it errs.
const WRONG: &str = "temperature";

async fn start(service: &Service, version: &str) -> Answer {
    let body = json!({ "version": version }).to_string();
    service.post_as("admin", CANARY, body).await
}

async fn status(service: &Service) -> Value {
    service.get_as("admin", CANARY).await.json()["canary"].take()
}

async fn version_that_answers(service: &Service) -> String {
    service.predict(&[("A", this_hour())]).await.json()["model_version"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn live(service: &Service, days: usize) {
    for _ in 0..days {
        service.live_a_day().await;
    }
}

/// The one file of evidence, as it was kept.
fn evidence(service: &Service) -> Value {
    let folder = service.models.path().join("canaries");
    let mut files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|name| name == "json"));
    let file = files.next().unwrap();
    assert_eq!(files.next(), None);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// A service whose champion errs, and better version `v2` beside it.
async fn with_a_better_version() -> Service {
    let service = Service::ready().await;
    service.serve_feature(WRONG).await;
    service.write("v2");
    service
}

// Preuve: C13.5 la validation en service : un canari meilleur que la championne est promu de lui-même, et la preuve est gardée
#[tokio::test]
async fn a_better_canary_is_promoted_by_itself() {
    let service = with_a_better_version().await;
    let started = start(&service, "v2").await;
    assert_eq!(started.status, 200, "{}", started.text);
    assert_eq!(started.json()["outcome"], "running");
    assert_eq!(version_that_answers(&service).await, "v2", "its share");

    // The first day was forecast by the champion before the canary was there.
    live(&service, 2).await;
    let running = status(&service).await;
    assert_eq!(running["outcome"], "running");
    assert_eq!(running["verdict"]["paired_hours"], 24, "{running}");
    assert_eq!(
        service
            .metric("model_canary_evidence{metric=\"paired_hours\"}")
            .await,
        24.0
    );
    assert_eq!(service.get("/v1/model").await.json()["version"], WRONG);

    live(&service, 1).await;
    let promoted = status(&service).await;
    assert_eq!(promoted["outcome"], "promoted", "{promoted}");
    assert_eq!(promoted["verdict"]["reason"], "better");
    assert_eq!(service.get("/v1/model").await.json()["version"], "v2");
    assert_eq!(
        filrouge_model::champion::read(service.models.path()).unwrap(),
        "v2"
    );
    assert_eq!(service.metric("model_canary_promotions_total").await, 1.0);
    assert_eq!(service.metric("model_canary_share_ratio").await, 0.0);

    let kept = evidence(&service);
    assert_eq!(kept["outcome"], "promoted");
    assert_eq!(kept["hours"].as_array().unwrap().len(), 48);
    assert_eq!(kept["bounds"]["least_days"], 2);
}

// Preuve: C13.5 un canari moins bon que la championne est retiré de lui-même, et la championne répond de nouveau à tous
#[tokio::test]
async fn a_worse_canary_is_rolled_back_by_itself() {
    let service = Service::ready().await;
    service.write_feature("v2", WRONG);
    start(&service, "v2").await;
    assert_eq!(version_that_answers(&service).await, "v2");

    live(&service, 3).await;

    let ended = status(&service).await;
    assert_eq!(ended["outcome"], "rolled_back", "{ended}");
    assert_eq!(ended["verdict"]["reason"], "worse");
    assert_eq!(version_that_answers(&service).await, "v1");
    assert_eq!(service.metric("model_canary_rollbacks_total").await, 1.0);
    assert_eq!(evidence(&service)["outcome"], "rolled_back");
}

#[tokio::test]
async fn a_canary_that_nothing_tells_apart_waits_then_is_rolled_back() {
    let service = Service::ready().await;
    service.write("v2");
    start(&service, "v2").await;

    for (days, outcome) in [(3, "running"), (1, "running"), (1, "rolled_back")] {
        live(&service, days).await;
        let canary = status(&service).await;
        assert_eq!(canary["outcome"], outcome, "{canary}");
        assert_eq!(canary["verdict"]["reason"], "undecided");
    }
    assert_eq!(version_that_answers(&service).await, "v1");
}

// Preuve: C13.5 un canari survit à l’arrêt du service : il reprend avec ce qui était déjà comparé
#[tokio::test]
async fn a_canary_outlives_the_service() {
    let service = with_a_better_version().await;
    start(&service, "v2").await;
    live(&service, 2).await;

    let service = service.killed_and_started();
    assert!(service.api.reload().await.unwrap());
    live(&service, 1).await;

    let promoted = status(&service).await;
    assert_eq!(promoted["outcome"], "promoted", "{promoted}");
    assert_eq!(promoted["verdict"]["paired_hours"], 48);
}

#[tokio::test]
async fn a_person_ends_a_canary_and_so_does_another_champion() {
    let service = with_a_better_version().await;
    start(&service, "v2").await;
    let token = service.token("admin").await;
    let request = axum::http::Request::put("/v1/admin/rollout")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body("{}".into())
        .unwrap();
    assert_eq!(service.send(request).await.status, 200);
    assert_eq!(status(&service).await["outcome"], "stopped");
    assert_eq!(version_that_answers(&service).await, WRONG);

    start(&service, "v2").await;
    service.promote("v3");
    assert!(service.api.reload().await.unwrap());
    live(&service, 1).await;
    assert_eq!(status(&service).await["outcome"], "stopped");
    assert_eq!(version_that_answers(&service).await, "v3");
}

#[tokio::test]
async fn a_canary_that_cannot_serve_does_not_start() {
    let service = Service::ready().await;
    assert_eq!(status(&service).await, Value::Null);
    service.write("bad");
    std::fs::write(service.folder("bad").join("model.onnx"), b"half a fi").unwrap();

    for (version, status) in [("bad", 409), ("absent", 404), ("../v1", 404)] {
        let refused = start(&service, version).await;
        assert_eq!(refused.status.as_u16(), status, "{}", refused.text);
    }
    assert_eq!(version_that_answers(&service).await, "v1");
    assert_eq!(service.get_as("demo", CANARY).await.status, 403);
    assert_eq!(status(&service).await, Value::Null);
}
