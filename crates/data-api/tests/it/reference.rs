//! `docs/api-donnees.md`: the OpenAPI document as a page with headings, for who reads without Swagger UI.

use std::fmt::Write as _;

use serde_json::Value;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api-donnees.md");

const INTRODUCTION: &str = "\
<!-- Preuve: C5.1 documentation de tous les points de terminaison de l’API de données -->
<!-- Preuve: C5.2 règles d’authentification et d’autorisation : le droit demandé par chaque route -->
# Référence de l’API de données

Page tirée du document OpenAPI par `UPDATE_DOCS=1 cargo test -p filrouge-data-api` : ne pas la modifier à la main. \
La même, interactive, est à l’adresse `/docs` du service. Exemples en curl et en Python : `docs/exemples/data-api/` ; en Rust : `crates/filrouge/examples/data_api.rs`.

";

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn page(document: &Value) -> String {
    let mut page = INTRODUCTION.to_owned();
    writeln!(page, "{}\n", text(&document["info"], "description")).unwrap();
    for tag in document["tags"].as_array().unwrap() {
        writeln!(page, "## {}\n\n{}.\n", text(tag, "name"), text(tag, "description")).unwrap();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                if operation["tags"][0] == tag["name"] {
                    write_operation(&mut page, method, path, operation);
                }
            }
        }
    }
    page.trim_end().to_owned() + "\n"
}

fn write_operation(page: &mut String, method: &str, path: &str, operation: &Value) {
    let right = match operation["security"][0]["oauth2"][0].as_str() {
        Some(scope) => format!("`{scope}`"),
        None => "aucun, route ouverte".to_owned(),
    };
    writeln!(page, "### {}\n", text(operation, "summary")).unwrap();
    writeln!(page, "`{} {path}`\n\n{}\n\nDroit : {right}.\n", method.to_uppercase(), text(operation, "description"))
        .unwrap();
    if let Some(parameters) = operation["parameters"].as_array() {
        page.push_str("| Paramètre | Place | Signification |\n| --- | --- | --- |\n");
        for parameter in parameters {
            let place = if text(parameter, "in") == "path" { "adresse" } else { "requête" };
            writeln!(page, "| `{}` | {place} | {} |", text(parameter, "name"), text(parameter, "description")).unwrap();
        }
        page.push('\n');
    }
    page.push_str("| Réponse | Signification | Formats |\n| --- | --- | --- |\n");
    for (status, response) in operation["responses"].as_object().unwrap() {
        let formats = response["content"].as_object().into_iter().flatten().map(|(name, _)| format!("`{name}`"));
        let formats = formats.collect::<Vec<_>>().join(", ");
        writeln!(page, "| {status} | {} | {formats} |", text(response, "description")).unwrap();
    }
    page.push('\n');
}

// Preuve: C5.1 la référence couvre chaque point de terminaison du document OpenAPI
#[test]
fn the_committed_reference_is_the_document_and_has_every_route() {
    let document = serde_json::to_value(filrouge_data_api::openapi()).unwrap();
    let current = page(&document);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &current).unwrap();
    }
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            assert!(
                current.contains(&format!("`{} {path}`", method.to_uppercase())),
                "{method} {path} has no known tag"
            );
        }
    }
    let committed = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(committed == current, "run `UPDATE_DOCS=1 cargo test -p filrouge-data-api` and commit {PAGE}");
}
