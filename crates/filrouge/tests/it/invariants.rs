//! Invariants of docs/ARCHITECTURE.md, each an absence: read from the manifests of the crates, and
//! from the paths that their files name.

mod circles;

use std::path::{Path, PathBuf};

/// Crates that may name each fenced dependency, tests included.
const FENCES: [(&str, &[&str]); 7] = [
    ("apache-spark-connect", &["lake"]),
    ("opentelemetry", &["traces"]),
    ("polars", &["aggregate", "dataset", "lake"]),
    ("ort", &["model", "onnx-runtime", "train"]),
    ("forust-ml", &["train"]),
    ("scraper", &["city", "collect", "feeds", "web"]),
    ("sqlx", &["accounts", "city", "collect", "database"]),
];

/// What each crate may name of ours outside its tests.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("bounded", &[]),
    ("destinations", &[]),
    ("feeds", &["bounded", "destinations", "storage"]),
    ("prerequisites", &[]),
    ("command-line", &[]),
    ("storage", &[]),
    ("compare", &[]),
    ("triage", &["storage"]),
    ("artifacts", &["bounded", "storage"]),
    ("operations", &[]),
    ("onnx-runtime", &["storage"]),
    ("backup", &["bounded", "storage"]),
    ("city", &["http", "storage", "types"]),
    ("dataset", &["bounded", "storage", "types"]),
    ("lake", &["bounded", "storage", "types"]),
    (
        "collect",
        &["bounded", "destinations", "lake", "storage", "types"],
    ),
    ("aggregate", &["bounded", "dataset", "storage", "types"]),
    ("accounts", &["storage", "types"]),
    ("database", &["types"]),
    ("personal-data", &["database", "storage", "types"]),
    ("traces", &[]),
    ("http", &["storage", "traces", "types"]),
    ("api-client", &["traces", "types"]),
    (
        "providers",
        &[
            "api-client",
            "bounded",
            "destinations",
            "http",
            "storage",
            "triage",
            "types",
        ],
    ),
    (
        "data-api",
        &[
            "api-client",
            "database",
            "dataset",
            "http",
            "personal-data",
            "storage",
            "types",
        ],
    ),
    ("model", &["onnx-runtime", "storage", "types"]),
    (
        "train",
        &["dataset", "model", "onnx-runtime", "storage", "types"],
    ),
    (
        "model-api",
        &[
            "api-client",
            "artifacts",
            "http",
            "model",
            "onnx-runtime",
            "storage",
            "types",
        ],
    ),
    (
        "web",
        &["accounts", "api-client", "http", "operations", "types"],
    ),
    ("dossier", &["command-line", "compare", "storage"]),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn manifest(name: &str) -> toml::Table {
    std::fs::read_to_string(crates().join(name).join("Cargo.toml"))
        .unwrap()
        .parse()
        .unwrap()
}

fn dependencies(manifest: &toml::Table, table: &str) -> Vec<String> {
    manifest
        .get(table)
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn heavy_dependencies_stay_behind_their_fences() {
    for entry in std::fs::read_dir(crates()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // A list of features, which gives no crate the right to name anything.
        if name == "workspace-hack" {
            continue;
        }
        let manifest = manifest(&name);

        for table in ["dependencies", "dev-dependencies"] {
            for (fenced, allowed) in FENCES {
                let named = dependencies(&manifest, table)
                    .iter()
                    .any(|dependency| dependency == fenced);
                assert!(
                    !named || allowed.contains(&name.as_str()),
                    "`{name}` names `{fenced}` in [{table}]"
                );
            }
        }
    }
}

#[test]
fn crates_name_only_what_the_architecture_lets_them() {
    for &(name, allowed) in MAY_NAME {
        // A room of the plan that is not built yet names nobody.
        if !crates().join(name).exists() {
            continue;
        }
        for dependency in dependencies(&manifest(name), "dependencies") {
            if let Some(ours) = dependency.strip_prefix("filrouge-") {
                assert!(allowed.contains(&ours), "`{name}` names `{ours}`");
            }
        }
    }
}

#[test]
fn no_circle_of_files_inside_a_crate() {
    let rooms = std::fs::read_dir(crates()).unwrap();
    let rooms = rooms.map(|entry| entry.unwrap().path());
    let mut circles = Vec::new();

    for room in rooms.chain([crates().join("../xtask")]) {
        for root in ["lib.rs", "main.rs"].map(|name| room.join("src").join(name)) {
            if root.exists() {
                let name = room.file_name().unwrap().display();
                let found = circles::circles(&root).into_iter();
                circles.extend(found.map(|circle| format!("`{name}` has {circle}")));
            }
        }
    }

    assert!(circles.is_empty(), "{}", circles.join("\n"));
}
