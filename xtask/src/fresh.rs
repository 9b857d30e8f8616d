//! `cargo xtask fresh`: after `cargo test`, the tests of one crate alone rebuild nothing. Features
//! that follow the selection of crates once cost 80 crates and eight minutes: see
//! docs/decisions/0090-une-seule-construction.md.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::cargo::cargo;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

/// A message of `cargo --message-format=json`, as far as it is read here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    fresh: Option<bool>,
}

/// Asks cargo for the tests of each crate, and fails with the crates that were built again.
pub(crate) fn run(root: &Path) -> Result<()> {
    // All crates before failing: one list of features mends them together.
    let mut sentences = Vec::new();

    for Package { name } in members(root)? {
        let rebuilt = rebuilt(&messages(root, &name)?)?;
        if !rebuilt.is_empty() {
            sentences.push(format!(
                "`cargo test -p {name}` built again: {}",
                rebuilt.join(", ")
            ));
        }
    }

    ensure!(
        sentences.is_empty(),
        "{}\nrun `cargo test --no-run` first; if the list stays, run `cargo xtask regenerate`",
        sentences.join("\n")
    );
    Ok(())
}

fn members(root: &Path) -> Result<Vec<Package>> {
    let output = cargo(root)
        .args(["metadata", "--no-deps", "--format-version=1"])
        .output()
        .context("cannot run cargo")?;
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("cannot read `cargo metadata`")?;
    Ok(metadata.packages)
}

fn messages(root: &Path, package: &str) -> Result<String> {
    let output = cargo(root)
        .args(["test", "--no-run", "--message-format=json", "-p", package])
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "`cargo test --no-run -p {package}`: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).context("cargo's messages are not UTF-8")
}

/// Packages of which something was built, each once.
fn rebuilt(messages: &str) -> Result<Vec<String>> {
    let mut packages = Vec::new();

    for line in messages.lines() {
        let message: Message = serde_json::from_str(line)
            .with_context(|| format!("not a message of cargo: {line}"))?;
        // Scripts that ran before are told too, under another reason.
        if message.reason == "compiler-artifact" && message.fresh == Some(false) {
            packages.extend(message.package_id);
        }
    }

    packages.sort();
    packages.dedup();
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_was_built_again_is_named_once() {
        let messages = [
            r#"{"reason":"compiler-artifact","package_id":"serde@1.0.0","fresh":true}"#,
            r#"{"reason":"compiler-artifact","package_id":"tokio@1.0.0","fresh":false}"#,
            r#"{"reason":"compiler-artifact","package_id":"tokio@1.0.0","fresh":false}"#,
            r#"{"reason":"build-finished","success":true}"#,
        ];
        assert_eq!(rebuilt(&messages.join("\n")).unwrap(), ["tokio@1.0.0"]);
    }
}
