//! The endpoints that the application calls: read in its code, then in the table of
//! docs/integration.md, in the published contracts and in the tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// `GET /v1/stations` of an API, its parameters without their name.
type Endpoint = (String, String);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn texts(folder: &str) -> Vec<String> {
    let files = fs::read_dir(root().join(folder)).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    sources
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// The paths that the code builds, `["v1", "stations", station_id.as_str(), "forecast"]`, without
/// what varies.
pub(crate) fn called() -> BTreeSet<String> {
    let sources = texts("src");
    let arrays = sources
        .iter()
        .flat_map(|source| source.split("[\"v1\"").skip(1));
    let path = |array: &str| {
        let array = array.split(']').next().unwrap();
        let parts = array
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let part = |part: &str| match part.strip_prefix('"') {
            Some(literal) => format!("/{}", literal.trim_end_matches('"')),
            None => "/{}".to_owned(),
        };
        format!("/v1{}", parts.map(part).collect::<String>())
    };
    arrays.map(path).collect()
}

pub(crate) fn without_names(path: &str) -> String {
    let mut text = String::new();
    let mut is_name = false;
    for c in path.chars() {
        is_name &= c != '}';
        if !is_name {
            text.push(c);
        }
        is_name |= c == '{';
    }
    text
}

/// Rows of the table: API, endpoint, test.
fn documented() -> Vec<(String, Endpoint, String)> {
    let text = fs::read_to_string(root().join("../../docs/integration.md")).unwrap();
    let rows = text
        .lines()
        .filter(|line| line.contains("| `GET /") || line.contains("| `POST /"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (method, path) = cells[2].trim_matches('`').split_once(' ').unwrap();
        let test = cells[5].trim_matches('`').to_owned();
        (
            cells[1].to_owned(),
            (method.to_owned(), path.to_owned()),
            test,
        )
    };
    rows.map(row).collect()
}

// Preuve: C10.6 le tableau des points de terminaison exploités est comparé au code, aux contrats et aux essais
// Preuve principale: C10.4 tous les points de terminaison du tableau de l’intégration sont appelés par le code, et aucun appel ne manque au tableau [code : crates/web/src/model_api.rs#ModelApi]
#[test]
fn the_table_of_the_document_names_every_endpoint_that_the_code_calls() {
    let documented = documented();
    let paths = documented
        .iter()
        .map(|(_, (_, path), _)| without_names(path));
    let told: BTreeSet<String> = paths.filter(|path| path.starts_with("/v1")).collect();
    assert_eq!(told, called());

    let tests = texts("tests/it").concat();
    for (api, (method, path), test) in documented {
        for (name, document) in [("données", "data-api"), ("modèle", "model-api")] {
            if api != name && api != "les deux" {
                continue;
            }
            let file = root().join(format!("../../api-spec/{document}.openapi.json"));
            let contract: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
            let operation = &contract["paths"][&path][method.to_lowercase()];
            assert!(operation.is_object(), "{document} has no {method} {path}");
        }
        assert!(tests.contains(&format!("fn {test}()")), "no test `{test}`");
    }
}
