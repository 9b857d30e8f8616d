use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::service::TestService;

const COMMITTED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../api-spec/data-api.openapi.json"
);

fn document() -> Value {
    serde_json::to_value(filrouge_data_api::openapi()).unwrap()
}

// Preuve: C5.3 la documentation OpenAPI versionnée est exactement celle du service
#[test]
fn the_committed_document_is_the_one_that_the_service_serves() {
    let current = filrouge_data_api::openapi().to_pretty_json().unwrap() + "\n";
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    assert!(
        committed == current,
        "run `cargo xtask regenerate` and commit {COMMITTED}"
    );
}

// Preuve principale: C5.1 chaque point de terminaison est documenté : résumé, description, droit, paramètres, réponses [code : crates/data-api/src/routes.rs]
#[test]
fn every_operation_is_described_in_full() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));

    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");

            for text in ["summary", "description", "operationId"] {
                assert!(
                    !operation[text].as_str().unwrap_or_default().is_empty(),
                    "{name}: {text}"
                );
            }

            assert!(
                operation["security"].is_array(),
                "{name}: security is stated, be it open"
            );

            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("200"), "{name}");

            if operation["security"][0].get("oauth2").is_some() {
                for status in ["401", "403", "429", "500", "503"] {
                    assert!(responses.contains_key(status), "{name}: {status}");
                }
            }

            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(
                    !parameter["description"]
                        .as_str()
                        .unwrap_or_default()
                        .is_empty(),
                    "{name}: {parameter}"
                );
            }
        }
    }
}

// Preuve: C5.1 chaque champ des ressources listées a une description et un exemple
#[test]
fn every_field_of_every_item_has_a_description_and_an_example() {
    let document = document();

    for schema in [
        "StationItem",
        "StationHourItem",
        "ConditionsItem",
        "WeatherItem",
        "EventItem",
        "TripFlowItem",
    ] {
        for (field, description) in properties(&document, schema) {
            assert!(
                !description["description"]
                    .as_str()
                    .unwrap_or_default()
                    .is_empty(),
                "{schema}.{field}"
            );
            assert!(description.get("example").is_some(), "{schema}.{field}");
        }
    }
}

/// The properties of a schema, those of its parts included.
fn properties(document: &Value, schema: &str) -> Vec<(String, Value)> {
    properties_of(document, &document["components"]["schemas"][schema])
}

fn properties_of(document: &Value, schema: &Value) -> Vec<(String, Value)> {
    let own = schema["properties"].as_object().into_iter().flatten();
    let mut found: Vec<_> = own
        .map(|(name, property)| (name.clone(), property.clone()))
        .collect();

    for part in schema["allOf"].as_array().into_iter().flatten() {
        match part["$ref"].as_str() {
            Some(reference) => {
                found.extend(properties(document, reference.rsplit('/').next().unwrap()))
            }

            None => found.extend(
                part["properties"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, value)| (name.clone(), value.clone())),
            ),
        }
    }

    found
}

// Preuve: C5.3 les réponses ont exactement les champs que la documentation annonce
#[tokio::test]
async fn answers_have_the_fields_that_the_document_announces() {
    let service = TestService::start().await;
    let document = document();

    for (path, schema) in [
        ("/v1/stations", "StationItem"),
        ("/v1/station-hours", "StationHourItem"),
        ("/v1/conditions", "ConditionsItem"),
        ("/v1/weather", "WeatherItem"),
        ("/v1/events", "EventItem"),
        ("/v1/trip-flows", "TripFlowItem"),
    ] {
        let item = service.get(path).await.items().remove(0);
        let answered: BTreeSet<_> = item.as_object().unwrap().keys().cloned().collect();
        let announced: BTreeSet<_> = properties(&document, schema)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(answered, announced, "{path}");
    }
}

#[test]
fn a_page_of_chosen_fields_has_fields_of_its_item_and_no_other() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let pages = schemas.keys().filter(|name| name.ends_with("Page"));
    assert!(pages.clone().count() >= 6);

    for page in pages {
        let [item, chosen] = schemas[page]["properties"]["items"]["items"]["anyOf"]
            .as_array()
            .and_then(|shapes| shapes.first_chunk::<2>())
            .unwrap();
        let item = item["$ref"].as_str().unwrap().rsplit('/').next().unwrap();

        let own: BTreeMap<_, _> = properties(&document, item).into_iter().collect();
        let offered: BTreeMap<_, _> = properties_of(&document, chosen).into_iter().collect();
        assert_eq!(offered, own, "{page}");
        assert_eq!(chosen["additionalProperties"], false, "{page}");
        assert_eq!(chosen["minProperties"], 1, "{page}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);

    for reference in found {
        assert!(
            document
                .pointer(reference.trim_start_matches('#'))
                .is_some(),
            "{reference}"
        );
    }
}
