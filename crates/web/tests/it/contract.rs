//! The fakes of these tests answer as the published contracts say: a page that reads a fake reads
//! the real service.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::endpoints::{called, without_names};
use crate::support::{Site, station};

/// Errors of `answer` against the schema that `api-spec/` gives for that operation.
fn errors(document: &str, (method, path): (&str, &str), answer: &Value) -> Vec<String> {
    let file = format!(
        "{}/../../api-spec/{document}.openapi.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let answered = &document["paths"][path][method]["responses"]["200"]["content"];
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [answered["application/json"]["schema"]],
        "components": document["components"],
    });

    let validator = jsonschema::validator_for(&schema).unwrap();
    let error =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(answer).map(error).collect()
}

// Preuve principale: C10.6 chaque point de terminaison que l’application exploite est essayé, avec des réponses conformes à son contrat publié [code : crates/web/src/model_api.rs#ModelApi]
#[tokio::test]
async fn the_fakes_answer_as_the_contracts_say() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await;
    let mut tried = BTreeSet::new();

    for (document, path, asked) in [
        ("data-api", "/v1/stations", "v1/stations"),
        (
            "data-api",
            "/v1/station-hours",
            "v1/station-hours?station_id=RIV-001&from=2026-02-01T08:00:00Z&to=2026-03-01T08:00:00Z&fields=hour,departures",
        ),
        (
            "model-api",
            "/v1/stations/{station_id}/forecast",
            "v1/stations/RIV-001/forecast",
        ),
        ("model-api", "/v1/monitoring", "v1/monitoring"),
        ("data-api", "/v1/quality", "v1/quality"),
        ("data-api", "/v1/gdpr/register", "v1/gdpr/register"),
        ("data-api", "/v1/gdpr/retention", "v1/gdpr/retention"),
        ("data-api", "/v1/gdpr/audit-log", "v1/gdpr/audit-log"),
    ] {
        let fake = if document == "data-api" {
            &site.data_api
        } else {
            &site.model_api
        };
        let answer = fake.answer(asked).await.unwrap();
        let errors = errors(document, ("get", path), &answer);
        assert_eq!(errors, [""; 0], "{path}: {answer}");
        tried.insert(without_names(path));
    }

    let hour = "2026-03-02T07:00:00Z";
    let stocks = json!([{"station_id": "CHANCE-1", "bikes": 1, "docks": 1}]);
    for (path, question) in [
        ("/v1/availability", json!({"hours": 24, "items": stocks})),
        (
            "/v1/predictions",
            json!({"items": [{"station_id": "RIV-001", "hour": hour}]}),
        ),
        (
            "/v1/explanations",
            json!({"station_id": "RIV-001", "hour": hour}),
        ),
    ] {
        let asked = path.trim_start_matches('/');
        let answer = site.model_api.answer_to(asked, &question).await.unwrap();
        let errors = errors("model-api", ("post", path), &answer);
        assert_eq!(errors, [""; 0], "{path}: {answer}");
        tried.insert(without_names(path));
    }

    assert_eq!(tried, called());
}

#[test]
fn an_answer_that_breaks_the_contract_is_told() {
    let broken = json!({"station_id": "RIV-001", "items": [{"hour": 7}]});
    let operation = ("get", "/v1/stations/{station_id}/forecast");
    let errors = errors("model-api", operation, &broken);
    assert!(
        errors.iter().any(|error| error.contains("model_version")),
        "{errors:?}"
    );
}
