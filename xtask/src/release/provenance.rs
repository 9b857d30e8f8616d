//! Where each file comes from: an in-toto statement with the predicate of SLSA 1.0.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Release;
use crate::tool;

/// The statement about all the files of `draft`.
pub(super) fn statement(release: &Release<'_>, draft: &Path) -> Result<String> {
    let rustc = tool::printed(Command::new("rustc").arg("--version"))?;
    let lock = tool::sha256(&release.root.join("Cargo.lock"))?;

    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects(draft)?,
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:filrouge:release:v1",
                "externalParameters": { "command": format!("cargo xtask release {}", release.version) },
                "internalParameters": { "rustc": rustc },
                "resolvedDependencies": [
                    { "name": "sources", "digest": { "gitCommit": release.revision } },
                    { "name": "Cargo.lock", "digest": { "sha256": lock } },
                    { "name": "base", "digest": { "sha256": hash(&release.image.base_digest) } },
                ],
            },
            "runDetails": {
                // The workflow's own address, where there is one.
                "builder": { "id": builder() },
                "metadata": { "invocationId": release.revision, "startedOn": release.date },
                "byproducts": [
                    { "name": "image", "digest": { "sha256": hash(&release.image.digest) } },
                ],
            },
        },
    });
    serde_json::to_string_pretty(&statement).context("the statement cannot be written")
}

fn subjects(draft: &Path) -> Result<Vec<Value>> {
    let mut names: Vec<_> = std::fs::read_dir(draft)
        .with_context(|| format!("cannot read `{}`", draft.display()))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();

    names
        .iter()
        .map(|name| {
            Ok(json!({ "name": name, "digest": { "sha256": tool::sha256(&draft.join(name))? } }))
        })
        .collect()
}

/// GitHub's variables, when it runs the release; this command, otherwise.
fn builder() -> String {
    let variable = |name| std::env::var(name).ok();
    let workflow = || {
        let (server, reference) = (
            variable("GITHUB_SERVER_URL")?,
            variable("GITHUB_WORKFLOW_REF")?,
        );
        Some(format!("{server}/{reference}"))
    };
    workflow().unwrap_or_else(|| "urn:filrouge:xtask".to_owned())
}

fn hash(digest: &str) -> &str {
    digest.trim_start_matches("sha256:")
}
