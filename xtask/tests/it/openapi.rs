//! The two OpenAPI documents of `api-spec`, which each service's own tests compare with its code.

use std::collections::HashSet;

use serde_json::Value;

// Preuve: C9.10 les identifiants d’opération des deux documents OpenAPI sont uniques et en ASCII, comme leurs clients générés le demandent
#[test]
fn operation_ids_are_unique_and_ascii() {
    for name in ["data-api", "model-api"] {
        let document = document(name);
        let ids = operation_ids(&document);
        let unique: HashSet<&str> = ids.iter().copied().collect();

        assert!(!ids.is_empty(), "{name}");
        assert_eq!(unique.len(), ids.len(), "{name}: {ids:?}");
        for id in ids {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            assert!(!id.is_empty() && id.bytes().all(is_plain), "{name}: {id}");
        }
    }
}

fn document(name: &str) -> Value {
    let path = super::repository().join(format!("api-spec/{name}.openapi.json"));
    let text = std::fs::read_to_string(path).unwrap();

    serde_json::from_str(&text).unwrap()
}

/// The identifier of each operation, empty where there is none.
fn operation_ids(document: &Value) -> Vec<&str> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.values().flat_map(|path| path.as_object().unwrap());

    operations
        .filter(|(method, _)| *method != "parameters")
        .map(|(_, operation)| operation["operationId"].as_str().unwrap_or_default())
        .collect()
}
