//! The list of the model's tests, read in the tests themselves: the part that each one looks at,
//! its scope and its strategy.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Document;
use super::blocks::replace;
use super::sources::read;
use crate::files;

const DOCUMENT: &str = "docs/modele-tests.md";

const CRATES: [&str; 3] = ["model", "train", "model-api"];

/// A test, as its attributes and its name describe it.
#[derive(Debug, PartialEq, Eq)]
struct Test {
    name: String,
    is_property: bool,
}

/// The document with its list as the tests are now.
pub(crate) fn document(root: &Path) -> Result<Document> {
    let mut list = String::new();

    for name in CRATES {
        let table = table(&root.join("crates").join(name))?;
        let _ = write!(
            list,
            "### `crates/{name}`\n\n| Partie | Périmètre | Stratégie | Test |\n| --- | --- | --- | --- |\n{table}\n"
        );
    }

    Ok(Document {
        path: DOCUMENT.to_owned(),
        text: replace(&files::read(root, DOCUMENT)?, "tests", &list)?,
    })
}

/// Rows of the tests of one crate.
fn table(folder: &Path) -> Result<String> {
    let mut table = String::new();

    for file in rust_files(folder)? {
        let path = file
            .strip_prefix(folder)
            .unwrap_or(&file)
            .with_extension("");
        for test in tests_of(&read(&file)?) {
            table += &row(&path, &test);
        }
    }

    Ok(table)
}

fn row(path: &Path, test: &Test) -> String {
    let is_whole = path.starts_with("tests");
    let part = path
        .to_string_lossy()
        .replace("src/", "")
        .replace("tests/it/", "")
        .replace("/tests", "");
    let scope = if is_whole { "ensemble" } else { "unité" };

    let strategy = if test.is_property {
        "propriété, cas tirés"
    } else {
        "exemples"
    };

    format!(
        "| `{part}` | {scope} | {strategy} | {} |\n",
        test.name.replace('_', " ")
    )
}

/// The tests of a file, in order. A test between `proptest! {` and its closing brace holds for
/// cases that are drawn.
fn tests_of(source: &str) -> Vec<Test> {
    let (mut tests, mut is_test) = (Vec::new(), false);
    // The line that closes the property tests: a brace as far in as the macro itself.
    let mut closing: Option<String> = None;

    for line in source.lines() {
        // rustfmt leaves macros alone: the closing brace stands as far in as their name.
        let attribute = line.trim_start();
        if attribute.starts_with("proptest! {") {
            closing = Some(format!("{}}}", &line[..line.len() - attribute.len()]));
        } else if closing.as_deref() == Some(line) {
            closing = None;
        }

        if attribute == "#[test]" || attribute.starts_with("#[tokio::test") {
            is_test = true;
        } else if is_test && let Some(name) = function_name(attribute) {
            tests.push(Test {
                name: name.to_owned(),
                is_property: closing.is_some(),
            });
            is_test = false;
        }
    }

    tests
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("async fn ")
        .or_else(|| line.strip_prefix("fn "))?;
    rest.split_once('(').map(|(name, _)| name)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let unreadable = || format!("cannot list `{}`", folder.display());
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }

    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests;
