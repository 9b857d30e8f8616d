use std::fs;

const COMMITTED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../api-spec/model-api.openapi.json"
);

// Preuve: C9.10 la documentation OpenAPI publiée est celle que le code produit
#[test]
fn the_committed_document_is_the_one_that_the_code_gives() {
    let current = filrouge_model_api::openapi().to_pretty_json().unwrap() + "\n";
    let committed = fs::read_to_string(COMMITTED).unwrap_or_default();
    assert!(
        committed == current,
        "run `cargo xtask regenerate` and commit {COMMITTED}"
    );
}

// Preuve: C9.9 chaque route dit le droit qu’elle demande, ou qu’elle est ouverte
#[test]
fn every_operation_has_a_summary_a_tag_and_says_who_may_call_it() {
    let document = serde_json::to_value(filrouge_model_api::openapi()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));

    let paths = document["paths"].as_object().unwrap();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().unwrap() {
            for field in ["summary", "tags", "security", "responses"] {
                assert!(
                    operation.get(field).is_some(),
                    "{method} {path} has no {field}"
                );
            }
        }
    }

    for path in [
        "/v1/predictions",
        "/v1/stations/{station_id}/forecast",
        "/oauth/token",
        "/health/ready",
        "/metrics",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
}

#[test]
fn an_address_says_of_a_station_what_a_body_says() {
    let document = serde_json::to_value(filrouge_model_api::openapi()).unwrap();
    let in_path = &document["paths"]["/v1/stations/{station_id}/forecast"]["get"]["parameters"][0]
        ["schema"]["pattern"];
    let in_body =
        &document["components"]["schemas"]["StationHourKey"]["properties"]["station_id"]["pattern"];
    assert!(
        in_path.is_string() && in_path == in_body,
        "{in_path} and {in_body}"
    );
}
