//! What a specification may be answered by: routes of the APIs, pages of the application, metrics,
//! end-to-end tests.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::files;

/// Things that a specification asks for, by kind. A route is `data-api GET /v1/stations`.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    pub(super) routes: BTreeSet<String>,
    pub(super) pages: BTreeSet<String>,
    pub(super) metrics: BTreeSet<String>,
    /// Names of the end-to-end tests.
    pub(super) checks: BTreeSet<String>,
}

impl Inventory {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut inventory = Self::default();

        for path in files::listed(root, &["api-spec/*.openapi.json"])? {
            let api = serde_json::from_str(&files::read(root, &path)?);
            let api: Value = api.with_context(|| format!("`{path}` is not JSON"))?;
            inventory.routes.extend(routes(&path, &api));
        }
        let sources = files::listed(root, &["crates/web/src/*.rs"])?;
        for path in sources.iter().filter(|path| !path.ends_with("tests.rs")) {
            inventory.pages.extend(pages(&files::read(root, path)?));
        }
        inventory.metrics = metrics(&files::read(root, "docs/metriques.md")?);
        for path in files::listed(root, &["tests/e2e/*.js"])? {
            inventory.checks.extend(checks(&files::read(root, &path)?));
        }

        inventory.is_whole()?;
        Ok(inventory)
    }

    /// A kind without any item means that its source is no longer read as it is written.
    fn is_whole(&self) -> Result<()> {
        let kinds = [
            ("route", &self.routes),
            ("page", &self.pages),
            ("metric", &self.metrics),
            ("end-to-end test", &self.checks),
        ];

        for (kind, items) in kinds {
            ensure!(
                !items.is_empty(),
                "no {kind} was found: mend `xtask/src/docs/framing/inventory.rs`"
            );
        }

        Ok(())
    }
}

fn routes(path: &str, api: &Value) -> Vec<String> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let service = file.split('.').next().unwrap_or(file);
    let paths = api["paths"].as_object().into_iter().flatten();

    paths
        .flat_map(|(address, operations)| {
            let methods = operations.as_object().into_iter().flatten();
            methods
                .filter(|(_, operation)| operation["operationId"].is_string())
                .map(move |(method, _)| format!("{service} {} {address}", method.to_uppercase()))
        })
        .collect()
}

/// Addresses of the access table, in the order of the file: `Route::get("…", …)`, once for all methods.
fn pages(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let after = code.split("Route::").skip(1);
    let address = |rest: &str| {
        let (_, arguments) = rest.split_once('(')?;
        let (address, _) = arguments.trim_start().strip_prefix('"')?.split_once('"')?;
        Some(address.to_owned())
    };
    after.filter_map(address).collect()
}

/// First cells of the rows that begin with code.
fn metrics(page: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
        Some(name.to_owned())
    };
    page.lines().filter_map(name).collect()
}

/// Names of a list `checks = [["name", function], …];`. What a template adds to a name is left out.
fn checks(text: &str) -> Vec<String> {
    let lists = text.split("hecks = [").skip(1);
    let lists = lists.map(|rest| rest.split("\n];").next().unwrap_or(rest));

    let names = lists.flat_map(str::lines).filter_map(|line| {
        let start = line.find(['"', '`'])?;
        // A name opens its line: `["…", check],` or `...pages.map(… => [`…`, check]),`.
        let opens = line[..start].trim_end().ends_with('[');
        let quote = &line[start..=start];
        let (name, _) = line[start + 1..].split_once(quote)?;
        let fixed = name.split("${").next().unwrap_or(name).trim();
        opens.then(|| fixed.to_owned())
    });
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_a_service_a_method_and_an_address() {
        let api = serde_json::json!({
            "paths": { "/v1/stations": {
                "get": { "operationId": "list_stations" },
                "parameters": []
            } }
        });
        assert_eq!(
            routes("api-spec/data-api.openapi.json", &api),
            ["data-api GET /v1/stations"]
        );
    }

    #[test]
    fn a_page_is_an_address_of_the_router_outside_tests() {
        let text = r#"
            Route::get("/", Everyone, home),
            Route::post(
                "/signaler", Everyone, send),
            #[cfg(test)] Route::get("/essai", Everyone, essai)
        "#;
        assert_eq!(pages(text), ["/", "/signaler"]);
    }

    #[test]
    fn a_metric_is_the_first_cell_of_a_row() {
        let page = "| Métrique | Type |\n| --- | --- |\n| `http_requests_total` | compteur |\n";
        assert_eq!(metrics(page), ["http_requests_total".to_owned()].into());
    }

    #[test]
    fn an_end_to_end_test_is_named_without_what_a_template_adds() {
        let text = r#"
export const checks = [
  ["pages are light", weigh],
  ...pages.map(([name]) => [`axe finds nothing on: ${name}`, audit]),
];
assert.ok(true, "no check");
"#;
        assert_eq!(checks(text), ["pages are light", "axe finds nothing on:"]);
    }
}
