use super::*;

// Preuve: C5.1 la référence couvre chaque point de terminaison du document OpenAPI de l’API de données
// Preuve: C9.8 … et chacun de celui de l’API du modèle
#[test]
fn the_pages_have_every_route_of_the_documents() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (document, (specification, ..)) in documents(&root).unwrap().iter().zip(APIS) {
        let api: Value =
            serde_json::from_slice(&std::fs::read(root.join(specification)).unwrap()).unwrap();
        for (path, operations) in members(&api["paths"]) {
            for (method, _) in members(operations) {
                let route = format!("\n`{} {path}`\n", method.to_uppercase());
                assert!(document.text.contains(&route), "{}: {route}", document.path);
            }
        }
    }
}

#[test]
fn an_operation_says_its_right_its_fields_and_its_answers() {
    let api = serde_json::json!({
        "info": { "description": "Des prévisions." },
        "tags": [{ "name": "Prévisions", "description": "La demande" }],
        "components": { "schemas": { "Question": {
            "required": ["station_id"],
            "properties": { "hour": { "description": "L’heure" }, "station_id": { "description": "La\nstation" } },
        } } },
        "paths": { "/v1/p": { "post": {
            "tags": ["Prévisions"], "summary": "Prévoir", "description": "Prévoit.",
            "security": [{ "oauth2": ["model:predict"] }],
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Question" } } } },
            "responses": { "200": { "description": "La prévision", "content": { "application/json": {} } } },
        } } },
    });
    assert_eq!(
        page(&api, "# Titre\n").unwrap(),
        "# Titre

Des prévisions.

## Prévisions

La demande.

### Prévoir

`POST /v1/p`

Prévoit.

Droit : `model:predict`.

Corps : `application/json`.

| Champ | Obligatoire | Signification |
| --- | --- | --- |
| `hour` | non | L’heure |
| `station_id` | oui | La station |

| Réponse | Signification | Formats |
| --- | --- | --- |
| 200 | La prévision | `application/json` |
"
    );
}
