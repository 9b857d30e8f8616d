//! The number of a version: what the changelog asks for, after the last tag (semver.org).

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::changelog;
use crate::files::read;

/// Major, minor, patch.
type Number = [u64; 3];

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    version: String,
}

/// Refuses a version that is not the program's, was released, or says less than the changelog.
pub(super) fn check(root: &Path, version: &str, tags: &str) -> Result<()> {
    let manifest: Manifest =
        toml::from_str(&read(root, "Cargo.toml")?).context("in `Cargo.toml`")?;
    let program = manifest.workspace.package.version;
    ensure!(
        version == program,
        "Cargo.toml says {program}, which the program prints: change it there first, not {version}"
    );

    let headings = changelog::headings(root)?;
    judge(version, tags, &headings)
}

fn judge(version: &str, tags: &str, headings: &[&str]) -> Result<()> {
    let number =
        parse(version).with_context(|| format!("`{version}` is not a version such as 1.2.3"))?;
    let last = tags
        .lines()
        .filter_map(|tag| parse(tag.strip_prefix('v')?))
        .max();

    ensure!(
        !headings.is_empty(),
        "changelog.d has no entry: nothing changed"
    );
    ensure!(
        last.is_none_or(|last| last < number),
        "version {version} is not after {}",
        told(last)
    );

    let asked = last.map_or([0, 0, 1], |last| next(last, headings));
    ensure!(
        number >= asked,
        "the changelog asks for {} at least, after {}: it has entries under {}",
        told(Some(asked)),
        told(last),
        headings.join(", ")
    );
    Ok(())
}

/// The least version after `last` for these headings. Before 1.0.0 nothing was promised: what is
/// taken away counts as what is added.
fn next([major, minor, patch]: Number, headings: &[&str]) -> Number {
    let has = |heading| headings.contains(&heading);

    if has("Retiré") && major > 0 {
        [major + 1, 0, 0]
    } else if has("Retiré") || has("Ajouté") || has("Modifié") {
        [major, minor + 1, 0]
    } else {
        [major, minor, patch + 1]
    }
}

fn parse(text: &str) -> Option<Number> {
    let numbers: Vec<u64> = text
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    numbers.try_into().ok()
}

fn told(number: Option<Number>) -> String {
    number.map_or("nothing".to_owned(), |[major, minor, patch]| {
        format!("{major}.{minor}.{patch}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_says_at_least_what_the_changelog_says() {
        let table = [
            ["0.1.0", "", "Ajouté", ""],
            ["0.1.1", "v0.1.0", "Corrigé", ""],
            ["0.2.0", "v0.1.0", "Corrigé", ""],
            [
                "0.1.1",
                "v0.1.0",
                "Ajouté",
                "the changelog asks for 0.2.0 at least",
            ],
            ["1.3.0", "v1.2.9", "Modifié", ""],
            [
                "1.3.0",
                "v1.2.9",
                "Retiré",
                "the changelog asks for 2.0.0 at least",
            ],
            ["0.3.0", "v0.2.9", "Retiré", ""],
            [
                "0.1.0",
                "v0.1.0",
                "Corrigé",
                "version 0.1.0 is not after 0.1.0",
            ],
            // Numbers, not text: 10 is after 9.
            [
                "0.9.0",
                "v0.9.0\nv0.10.0",
                "Corrigé",
                "version 0.9.0 is not after 0.10.0",
            ],
            ["0.1", "", "Ajouté", "`0.1` is not a version such as 1.2.3"],
            ["0.1.0-rc.1", "", "Ajouté", "is not a version such as 1.2.3"],
            ["0.1.0", "", "", "changelog.d has no entry"],
        ];

        for [version, tags, headings, expected] in table {
            let headings: Vec<_> = headings.split_whitespace().collect();
            let told = judge(version, tags, &headings)
                .err()
                .map(|error| error.to_string());
            assert!(
                told.as_deref().unwrap_or_default().contains(expected)
                    && told.is_some() != expected.is_empty(),
                "{version} after {tags} for {headings:?}: {told:?}"
            );
        }
    }
}
