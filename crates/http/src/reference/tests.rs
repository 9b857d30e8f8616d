use axum::Router;
use filrouge_types::FixedClock;
use serde_json::{Value, json};

use super::*;
use crate::limits::Limits;
use crate::testing::{self, authority, config, send, start};

fn document() -> Value {
    json!({
        "info": {"title": "Une API", "version": "1.0.0", "description": "Ce qu’elle fait.\n\n<b>Pour qui</b>."},
        "paths": {
            "/v1/stations/{station_id}": {"get": {
                "operationId": "get_station", "summary": "Lire une station", "tags": ["Stations"],
                "security": [{"oauth2": ["data:read"]}],
                "parameters": [
                    {"name": "station_id", "in": "path", "required": true, "example": "RIV-001", "description": "Identifiant"},
                    {"name": "day", "in": "query", "required": true, "example": 3, "description": "Jour"},
                    {"name": "limit", "in": "query", "example": 9, "description": "Nombre"},
                ],
                "responses": {"200": {"description": "La station", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Station"}}}}},
            }},
            "/v1/trips": {"post": {
                "operationId": "add_trip", "summary": "Ajouter", "tags": ["Trajets"],
                "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"bikes": {"type": "integer", "minimum": 0}}}}}},
                "responses": {"422": {"description": "Un champ manque"}},
            }},
        },
        "components": {"schemas": {"Station": {"type": "object", "properties": {
            "station_id": {"type": "string", "example": "RIV-001"},
            "nearest": {"$ref": "#/components/schemas/Station"},
            "hours": {"type": ["array", "null"], "items": {"type": "string", "format": "date-time"}},
        }}}},
    })
}

fn router() -> Router {
    let clock = FixedClock::at(start());
    testing::service(
        authority(config(), &clock),
        Limits::default(),
        Router::new(),
    )
}

fn operation(id: &str) -> Operation {
    let tags = operations_by_tag(&document());
    let mut operations = tags.into_iter().flat_map(|(_, operations)| operations);
    operations.find(|operation| operation.id == id).unwrap()
}

// Preuve: C9.11 la documentation de l’API est une page sans script, tirée de son document OpenAPI
#[test]
fn an_operation_is_told_with_its_right_its_parameters_and_the_command_that_calls_it() {
    let station = operation("get_station");
    assert_eq!(station.scopes, ["data:read"]);
    assert_eq!(
        station.command,
        "curl --fail-with-body \\\n  --header \"Authorization: Bearer $JETON\" \\\n  \"$API/v1/stations/RIV-001?day=3\""
    );
    let example: Value = serde_json::from_str(&station.example.unwrap()).unwrap();
    assert_eq!(example["station_id"], "RIV-001");
    assert_eq!(example["hours"], json!(["2026-03-01T08:00:00Z"]));

    let trip = operation("add_trip");
    assert!(trip.scopes.is_empty());
    assert!(trip.command.contains("--request POST") && trip.command.contains("\"bikes\": 0"));
}

#[test]
fn a_schema_that_names_itself_comes_to_an_end() {
    let station = operation("get_station");
    assert!(station.example.unwrap().len() < 2_000);
}

#[test]
fn the_page_escapes_what_the_document_says() {
    let page = ReferencePage::new(&document(), SHARED.to_vec())
        .render()
        .unwrap();
    assert!(!page.contains("<b>"), "{page}");
    assert!(page.contains("Lire une station") && page.contains("href=\"/problems/not-found\""));
}

#[tokio::test]
async fn the_root_of_a_service_leads_to_its_documentation() {
    let router = router();
    let answer = send(&router, testing::get("/")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/docs")
    );

    let page = send(&router, testing::get("/docs")).await;
    assert!(page.status.is_success() && page.body.contains("<html lang=\"fr\">"));
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
    assert!(
        page.header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert!(
        send(&router, testing::get("/docs/style.css"))
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn the_type_of_each_error_leads_to_a_page_that_explains_it() {
    let router = router();
    for problem in SHARED {
        let page = send(&router, testing::get(problem.path)).await;
        assert!(page.status.is_success(), "{}", problem.path);
        assert!(
            page.body.contains(&format!("<h1>{}</h1>", problem.title)),
            "{}",
            page.body
        );
        assert!(problem.explanation.ends_with('.'), "{}", problem.path);
    }
    let unknown = send(&router, testing::get("/problems/nothing")).await;
    assert_eq!(unknown.status, 404);
}
