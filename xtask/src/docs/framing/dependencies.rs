//! The libraries that the crates name, with the version that the lock file holds and who names them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use toml::{Table, Value};

use crate::files;

/// Packages of chores, which no service holds.
const CHORES: [&str; 2] = ["xtask", "workspace-hack"];

#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
}

/// The table of the libraries, and the versions that the compilation asks for.
pub(super) fn section(root: &Path) -> Result<String> {
    let workspace: Table = toml::from_str(&files::read(root, "Cargo.toml")?)?;
    let package = &workspace["workspace"]["package"];
    let asked = |name: &str| package[name].as_str().unwrap_or_default().to_owned();

    let mut text = format!(
        "\nCompilation : Rust {} ou plus récent, édition {}. La version de chaque bibliothèque est \
         celle de `Cargo.lock` ; `deny.toml` dit les licences admises, et `.ci/dependencies` les \
         vérifie avec les avis de sécurité.\n\n\
         | Bibliothèque | Version | Crates qui la nomment |\n| --- | --- | --- |\n",
        asked("rust-version"),
        asked("edition")
    );
    let versions = versions(root)?;
    for (name, users) in users(root)? {
        let users: Vec<_> = users.iter().map(|user| format!("`{user}`")).collect();
        let version = versions.get(&name).map_or("absente", String::as_str);
        let _ = writeln!(text, "| `{name}` | {version} | {} |", users.join(", "));
    }
    Ok(text)
}

/// Versions by name; several are parted by commas.
fn versions(root: &Path) -> Result<BTreeMap<String, String>> {
    let lock: Lock =
        toml::from_str(&files::read(root, "Cargo.lock")?).context("in `Cargo.lock`")?;
    let mut versions: BTreeMap<String, String> = BTreeMap::new();

    for LockedPackage { name, version } in lock.package {
        let known = versions.entry(name).or_default();
        if !known.is_empty() {
            known.push_str(", ");
        }
        known.push_str(&version);
    }
    Ok(versions)
}

/// Libraries of others, each with the crates of ours whose program holds it.
fn users(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();

    for path in files::listed(root, &["crates/*/Cargo.toml"])? {
        let manifest: Table =
            toml::from_str(&files::read(root, &path)?).with_context(|| format!("in `{path}`"))?;
        let crate_name = path.split('/').nth(1).unwrap_or(&path);
        if CHORES.contains(&crate_name) {
            continue;
        }
        for name in named(&manifest) {
            users.entry(name).or_default().insert(crate_name.to_owned());
        }
    }
    Ok(users)
}

fn named(manifest: &Table) -> Vec<String> {
    let dependencies = manifest.get("dependencies").and_then(Value::as_table);
    let names = dependencies.into_iter().flat_map(Table::keys);
    names
        .filter(|name| !name.starts_with("filrouge-") && !CHORES.contains(&name.as_str()))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_told_with_those_of_ours_that_name_it() {
        let manifest =
            "[dependencies]\naxum = \"0.8\"\nfilrouge-http = \"1\"\nworkspace-hack = \"1\"\n";
        assert_eq!(named(&toml::from_str(manifest).unwrap()), ["axum"]);
        assert_eq!(named(&Table::new()), [""; 0]);
    }
}
