use std::fs;

use chrono::TimeDelta;
use filrouge_api_client::ApiError;
use filrouge_http::RateLimit;
use filrouge_model::champion;
use filrouge_model_api::{DataApiError, RefreshError, ReloadError};
use serde_json::json;

use crate::support::{Mood, Service, this_hour};

#[tokio::test]
async fn the_service_is_ready_once_it_has_a_model_and_recent_demand() {
    let service = Service::unready(RateLimit::per_second(100_000)).await;
    let reason = async || {
        service.open("/health/ready").await.json()["detail"]
            .as_str()
            .map(str::to_owned)
    };

    assert_eq!(service.open("/health/live").await.status, 200);
    assert_eq!(reason().await.unwrap(), "le modèle n’est pas encore chargé");
    assert_eq!(service.predict(&[("A", this_hour())]).await.status, 503);

    service.promote("v1");
    service.api.reload().await.unwrap();

    assert_eq!(
        reason().await.unwrap(),
        "la demande récente n’est pas encore lue"
    );

    service.api.refresh().await.unwrap();
    assert_eq!(service.open("/health/ready").await.status, 200);
}

#[tokio::test]
async fn without_a_champion_the_reason_names_the_file() {
    let service = Service::unready(RateLimit::per_second(100_000)).await;
    let error = service.api.reload().await.unwrap_err();
    assert!(error.to_string().starts_with("no champion: "), "{error}");
}

#[tokio::test]
async fn a_new_champion_takes_over_and_the_same_one_is_not_loaded_again() {
    let service = Service::ready().await;
    assert!(!service.api.reload().await.unwrap());
    service.promote("v2");
    assert!(service.api.reload().await.unwrap());
    assert_eq!(
        service.predict(&[("A", this_hour())]).await.json()["model_version"],
        "v2"
    );
    assert_eq!(service.metric("model_reloads_total").await, 2.0);
}

#[tokio::test]
async fn a_version_that_cannot_serve_leaves_the_one_before_it_in_service() {
    let service = Service::ready().await;
    let spoil: [fn(&std::path::Path); 4] = [
        |folder| fs::write(folder.join("model.onnx"), b"half a fi").unwrap(),
        |folder| fs::remove_file(folder.join("model.onnx")).unwrap(),
        |folder| fs::write(folder.join("model.json"), b"{}").unwrap(),
        |folder| {
            let text = fs::read_to_string(folder.join("model.json")).unwrap();
            fs::write(folder.join("model.json"), text.replace("lag_24", "lag_25")).unwrap();
        },
    ];

    for (number, spoil) in spoil.into_iter().enumerate() {
        let version = format!("bad-{number}");
        service.promote(&version);
        spoil(&service.folder(&version));
        let error = service.api.reload().await.unwrap_err();
        assert!(matches!(error, ReloadError::Unusable { .. }), "{error}");
        assert_eq!(
            service.predict(&[("A", this_hour())]).await.json()["model_version"],
            "v1"
        );
    }

    fs::write(service.models.path().join("champion"), "absent").unwrap();
    assert!(matches!(
        service.api.reload().await.unwrap_err(),
        ReloadError::Champion(_)
    ));
    assert_eq!(service.open("/health/ready").await.status, 200);
    assert_eq!(service.metric("model_reload_failures_total").await, 5.0);

    champion::promote(service.models.path(), "v1").unwrap();
    assert!(!service.api.reload().await.unwrap());
}

#[tokio::test]
async fn the_token_of_the_data_api_is_renewed_when_it_ends_and_after_a_401() {
    let service = Service::ready().await;
    assert_eq!(
        service.data_api.tokens_given(),
        1,
        "one token for all the pages"
    );
    service.data_api.revoke_tokens();
    service.api.refresh().await.unwrap();
    assert_eq!(service.data_api.tokens_given(), 2);
    service.clock.advance(TimeDelta::minutes(20));
    service.api.refresh().await.unwrap();
    assert_eq!(service.data_api.tokens_given(), 3);
}

#[tokio::test]
async fn a_refresh_reads_the_last_two_days_again_and_not_the_six_weeks() {
    let service = Service::ready().await;
    let first = service.data_api.reads();
    assert!(
        first >= 4,
        "44 days of two stations are several pages: {first}"
    );
    service.advance(3);
    service.data_api.set_last_counted(this_hour() + 2);
    service.api.refresh().await.unwrap();
    assert_eq!(
        service.data_api.reads() - first,
        2,
        "one page of demand, one of conditions"
    );
    let body = service.get("/v1/stations/A/forecast?hours=48").await.json();
    assert_eq!(body["items"].as_array().unwrap().len(), 48);
    assert_eq!(
        body["last_counted_hour"],
        serde_json::json!(this_hour() + 2)
    );
}

// Preuve: C9.3 API10 : une API de données qui échoue ou répond n’importe quoi laisse en service ce qui était su
#[tokio::test]
async fn a_data_api_that_fails_or_babbles_leaves_what_was_known_in_service() {
    let service = Service::ready().await;

    for mood in [Mood::Fails, Mood::Babbles] {
        service.data_api.set_mood(mood);
        let error = service.api.refresh().await.unwrap_err();

        assert!(
            matches!(
                error,
                RefreshError::DataApi(DataApiError::Api(
                    ApiError::Status { .. } | ApiError::Unreadable { .. }
                ))
            ),
            "{error}"
        );

        assert!(!error.to_string().contains("127.0.0.1"), "{error}");
        assert_eq!(service.predict(&[("A", this_hour())]).await.status, 200);
    }

    assert_eq!(
        service.metric("model_history_refresh_failures_total").await,
        2.0
    );
}

#[tokio::test]
async fn a_data_api_without_recent_demand_is_no_error_and_nothing_is_served() {
    let service = Service::unready(RateLimit::per_second(100_000)).await;
    service.promote("v1");
    service.api.reload().await.unwrap();
    service.data_api.set_last_counted(this_hour() - 1100);
    assert!(!service.api.refresh().await.unwrap());
    assert_eq!(service.open("/health/ready").await.status, 503);
}

/// A damage by name, the version that serves after it, and the damage itself.
type Damage = (&'static str, &'static str, fn(&Service));

/// Ways in which the named version, `v2`, cannot be loaded at the next start.
const DAMAGES: [Damage; 7] = [
    ("truncated", "v1", |service| {
        let onnx = service.folder("v2").join("model.onnx");
        let bytes = fs::read(&onnx).unwrap();
        fs::write(onnx, &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("emptied", "v1", |service| {
        fs::write(service.folder("v2").join("model.onnx"), b"").unwrap();
    }),
    ("zeros inside", "v1", |service| {
        let onnx = service.folder("v2").join("model.onnx");
        let mut bytes = fs::read(&onnx).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 16].fill(0);
        fs::write(onnx, bytes).unwrap();
    }),
    ("described by zeros", "v1", |service| {
        fs::write(service.folder("v2").join("model.json"), vec![0; 64]).unwrap();
    }),
    ("missing", "v1", |service| {
        fs::remove_dir_all(service.folder("v2")).unwrap();
    }),
    ("named by zeros", "v2", |service| {
        fs::write(service.models.path().join("champion"), vec![0; 8]).unwrap();
    }),
    ("named by nothing", "v2", |service| {
        fs::remove_file(service.models.path().join("champion")).unwrap();
    }),
];

// Preuve: C9.6 un modèle abîmé n’arrête pas le service : la dernière version qui a servi répond
#[tokio::test]
async fn a_champion_that_does_not_load_is_replaced_by_the_last_one_that_served() {
    for (damage, expected, spoil) in DAMAGES {
        let service = Service::ready().await;
        service.promote("v2");
        assert!(service.api.reload().await.unwrap());
        spoil(&service);

        let service = service.killed_and_started();
        assert!(service.api.reload().await.is_err(), "{damage}");
        service.api.refresh().await.unwrap();

        let answer = service.predict(&[("A", this_hour())]).await;
        assert_eq!(answer.json()["model_version"], expected, "{damage}");
        assert_eq!(service.metric("model_champion_unusable").await, 1.0);

        let health = service.open("/health/ready").await.json();
        assert_eq!(health["status"], "degraded", "{damage}");
        let told = health["checks"][0]["detail"].as_str().unwrap();
        assert!(told.starts_with(&format!("« {expected} »")), "{told}");
    }
}

#[tokio::test]
async fn readiness_tells_which_version_serves_and_how_old_its_data_are() {
    let service = Service::ready().await;
    let health = service.open("/health/ready").await.json();
    let last_counted = this_hour() - 1;
    assert_eq!(
        health,
        json!({"status": "ok", "checks": [
            {"name": "model", "status": "ok", "detail": "« v1 » répond"},
            {"name": "demand", "status": "ok", "detail": format!(
                "dernière heure comptée {last_counted}, dernière lecture 2026-03-01T08:20:00Z"
            )},
        ]})
    );

    service.advance(1);
    let health = service.open("/health/ready").await.json();
    assert_eq!(health["status"], "degraded", "an hour without a reading");
}

#[tokio::test]
async fn a_champion_that_is_mended_serves_again() {
    let service = Service::ready().await;
    service.promote("v2");
    service.api.reload().await.unwrap();
    let onnx = service.folder("v2").join("model.onnx");
    let bytes = fs::read(&onnx).unwrap();
    fs::write(&onnx, b"").unwrap();
    let service = service.killed_and_started();
    service.api.reload().await.unwrap_err();
    service.api.refresh().await.unwrap();

    fs::write(&onnx, bytes).unwrap();
    assert!(service.api.reload().await.unwrap());

    let answer = service.predict(&[("A", this_hour())]).await;
    assert_eq!(answer.json()["model_version"], "v2");
    assert_eq!(service.metric("model_champion_unusable").await, 0.0);
}

#[tokio::test]
async fn a_state_without_versions_is_served_by_the_shipped_one() {
    let service = Service::shipped_with("shipped").await;
    assert!(service.api.reload().await.unwrap());
    service.api.refresh().await.unwrap();

    let answer = service.predict(&[("A", this_hour())]).await;
    assert_eq!(answer.json()["model_version"], "shipped");
    assert_eq!(service.metric("model_champion_unusable").await, 0.0);

    // Nothing of the state can serve: the shipped version still does.
    service.promote("v1");
    fs::write(service.folder("v1").join("model.onnx"), b"").unwrap();
    let service = service.killed_and_started();
    service.api.reload().await.unwrap_err();
    service.api.refresh().await.unwrap();

    let answer = service.predict(&[("A", this_hour())]).await;
    assert_eq!(answer.json()["model_version"], "shipped");
    assert_eq!(service.metric("model_champion_unusable").await, 1.0);
}
