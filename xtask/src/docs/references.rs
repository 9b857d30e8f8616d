//! The OpenAPI documents as pages with headings and tables, for who reads without Swagger UI.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::Document;
use crate::files::read;

/// An API: its locked document, its page, and the introduction of the page.
const APIS: [(&str, &str, &str); 2] = [
    (
        "api-spec/data-api.openapi.json",
        "docs/api-donnees.md",
        "<!-- Preuve: C5.1 documentation de tous les points de terminaison de l’API de données -->
<!-- Preuve principale: C5.2 règles d’authentification et d’autorisation : le droit demandé par chaque route [code : crates/data-api/src/scopes.rs] -->

# Référence de l’API de données

Page tirée du document OpenAPI par `cargo xtask regenerate` : ne pas la modifier à la main. La même, interactive, est à \
l’adresse `/docs` du service. Exemples en curl et en Python : `docs/exemples/data-api/` ; en Rust : \
`crates/filrouge/examples/data_api.rs`.
",
    ),
    (
        "api-spec/model-api.openapi.json",
        "docs/api-modele.md",
        "<!-- Preuve: C9.8 documentation de tous les points de terminaison de l’API du modèle -->
<!-- Preuve principale: C9.9 règles d’authentification et d’autorisation : le droit demandé par chaque route [code : crates/model-api/src/scopes.rs] -->
<!-- Preuve: C9.11 la documentation OpenAPI en une page de titres et de tableaux, sans script -->

# Référence de l’API du modèle

Page tirée du document OpenAPI par `cargo xtask regenerate` : ne pas la modifier à la main. La même, interactive, est à \
l’adresse `/docs` du service. L’architecture du service : \
[en une page](architecture-api-modele.md) ; les risques et leurs réponses : \
[OWASP API Security Top 10](owasp-model-api.md).
",
    ),
];

/// The pages as the documents of the APIs give them.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let document = |(specification, path, introduction): (&str, &str, &str)| {
        let api: Value = serde_json::from_str(&read(root, specification)?)
            .with_context(|| format!("`{specification}` is not JSON"))?;
        let text = page(&api, introduction)
            .with_context(|| format!("cannot write what `{specification}` says"))?;

        Ok(Document {
            path: path.to_owned(),
            text,
        })
    };

    APIS.into_iter().map(document).collect()
}

fn page(api: &Value, introduction: &str) -> Result<String> {
    let mut page = introduction.to_owned();
    writeln!(page, "\n{}\n", text(&api["info"], "description"))?;

    for tag in api["tags"].as_array().context("it has no tags")? {
        writeln!(
            page,
            "## {}\n\n{}.\n",
            text(tag, "name"),
            text(tag, "description")
        )?;

        for (path, operations) in members(&api["paths"]) {
            for (method, operation) in
                members(operations).filter(|(_, operation)| operation["tags"][0] == tag["name"])
            {
                let route = format!("{} {path}", method.to_uppercase());
                write_operation(&mut page, api, &route, operation)?;
            }
        }
    }

    Ok(page.trim_end().to_owned() + "\n")
}

fn write_operation(page: &mut String, api: &Value, route: &str, operation: &Value) -> Result<()> {
    // No scope means that the route is open, which the documents of both services say.
    let right = match operation["security"][0]["oauth2"][0].as_str() {
        Some(scope) => format!("`{scope}`"),
        None => "aucun, route ouverte".to_owned(),
    };
    let (summary, description) = (text(operation, "summary"), text(operation, "description"));

    writeln!(
        page,
        "### {summary}\n\n`{route}`\n\n{description}\n\nDroit : {right}.\n"
    )?;

    if let Some(parameters) = operation["parameters"].as_array() {
        write_parameters(page, parameters)?;
    }
    for (format, content) in members(&operation["requestBody"]["content"]) {
        write_body(page, format, resolved(api, &content["schema"]))?;
    }
    write_responses(page, &operation["responses"])
}

fn write_parameters(page: &mut String, parameters: &[Value]) -> Result<()> {
    *page += "| Paramètre | Place | Signification |\n| --- | --- | --- |\n";

    for parameter in parameters {
        let (name, description) = (text(parameter, "name"), text(parameter, "description"));
        let place = match text(parameter, "in") {
            "path" => "adresse",
            _ => "requête",
        };
        writeln!(page, "| `{name}` | {place} | {description} |")?;
    }

    Ok(writeln!(page)?)
}

fn write_responses(page: &mut String, responses: &Value) -> Result<()> {
    *page += "| Réponse | Signification | Formats |\n| --- | --- | --- |\n";

    for (status, response) in members(responses) {
        let formats: Vec<_> = members(&response["content"])
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let (description, formats) = (text(response, "description"), formats.join(", "));
        writeln!(page, "| {status} | {description} | {formats} |")?;
    }

    Ok(writeln!(page)?)
}

/// Fields of a body, where it is one object; a list is told by its description.
fn write_body(page: &mut String, format: &str, schema: &Value) -> Result<()> {
    let required = |name: &str| {
        schema["required"]
            .as_array()
            .is_some_and(|names| names.iter().any(|other| other == name))
    };

    writeln!(page, "Corps : `{format}`.\n")?;
    if !schema["properties"].is_object() {
        return Ok(());
    }

    *page += "| Champ | Obligatoire | Signification |\n| --- | --- | --- |\n";
    for (name, field) in members(&schema["properties"]) {
        let required = if required(name) { "oui" } else { "non" };
        let description = text(field, "description").replace('\n', " ");
        writeln!(page, "| `{name}` | {required} | {description} |")?;
    }

    Ok(writeln!(page)?)
}

/// The schema itself, or the component that it names.
fn resolved<'a>(api: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'));
    pointer
        .and_then(|pointer| api.pointer(pointer))
        .unwrap_or(schema)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;
