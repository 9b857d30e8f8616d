//! The package that a file belongs to.

use std::path::Path;

use serde::Deserialize;

use crate::source;

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    /// Such as `filrouge-data-api`.
    pub(crate) name: String,
    /// Its folder from the root, with `/`.
    pub(crate) folder: String,
}

/// A test target that is built only with some features.
pub(crate) struct Target {
    pub(crate) name: String,
    /// As cargo's `--features` takes them from the root.
    pub(crate) features: String,
}

#[derive(Deserialize)]
struct Manifest {
    package: Option<Name>,
    #[serde(default, rename = "test")]
    tests: Vec<TestTarget>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct TestTarget {
    name: String,
    #[serde(default)]
    required_features: Vec<String>,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The package whose manifest stands nearest above a file.
pub(crate) fn of(root: &Path, file: &str) -> Option<Package> {
    let mut folder = file;

    while let Some((parent, _)) = folder.rsplit_once('/') {
        folder = parent;
        if let Some(manifest) = manifest(root, folder) {
            // The workspace's own names no package, and nothing stands above it.
            let name = manifest.package?.name;
            let folder = folder.to_owned();
            return Some(Package { name, folder });
        }
    }
    None
}

/// The test targets of a package that a plain `cargo test` leaves out.
pub(crate) fn targets_with_features(root: &Path, package: &Package) -> Vec<Target> {
    let tests = manifest(root, &package.folder).map_or_else(Vec::new, |known| known.tests);

    tests
        .into_iter()
        .filter(|test| !test.required_features.is_empty())
        .map(|test| Target {
            features: of_package(&package.name, &test.required_features),
            name: test.name,
        })
        .collect()
}

fn of_package(package: &str, features: &[String]) -> String {
    let full: Vec<_> = features
        .iter()
        .map(|feature| format!("{package}/{feature}"))
        .collect();
    full.join(",")
}

fn manifest(root: &Path, folder: &str) -> Option<Manifest> {
    let text = source::read(root, &format!("{folder}/Cargo.toml")).ok()?;
    toml::from_str(&text).ok()
}

/// The modules that a file of a package stands for: `src/a/b.rs` and `tests/it/a/b.rs` are `a::b`.
pub(crate) fn modules(package: &Package, file: &str) -> Vec<String> {
    let path = file
        .strip_prefix(&package.folder)
        .unwrap_or(file)
        .trim_start_matches('/');
    let path = path
        .strip_prefix("src/")
        .or_else(|| path.strip_prefix("tests/it/"))
        .unwrap_or(path);

    // These files give their folder's module, not one of their own.
    let parts = path
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| !matches!(*part, "lib" | "main" | "mod"));
    parts.map(str::to_owned).collect()
}
