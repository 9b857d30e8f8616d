//! Blocks of documents that the program and the tests write: between `<!-- name -->` and `<!--
//! /name -->`.

use std::path::Path;

use anyhow::{Context, Result};

use super::Document;
use crate::cargo::printed;
use crate::files::read;

/// A block of a document.
struct Block {
    document: &'static str,
    name: &'static str,
    /// The part of `filrouge document` that it holds.
    part: &'static str,
    /// Answers of servers, each with a title: the tests that ask a server keep its answer, and fail
    /// when it changes.
    snapshots: &'static [(&'static str, &'static str)],
}

const BLOCKS: [Block; 2] = [
    Block {
        document: "docs/nettoyage.md",
        name: "règles",
        part: "rules",
        snapshots: &[],
    },
    Block {
        document: "docs/requetes.md",
        name: "plans",
        part: "plans",
        snapshots: &[
            (
                "Base de l’exploitant, PostgreSQL",
                "crates/collect/tests/it/snapshots/it__operator__plans_of_postgresql.snap",
            ),
            (
                "Lac, Apache Spark",
                "crates/lake/tests/spark/snapshots/spark__plans_of_spark.snap",
            ),
        ],
    },
];

/// The documents with their blocks as the program writes them now.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let document = |block: &Block| {
        let path = block.document;
        let held = printed(root, ["document", block.part])? + &snapshots(root, block.snapshots)?;
        let text = replace(&read(root, path)?, block.name, &held)
            .with_context(|| format!("in `{path}`"))?;
        Ok(Document {
            path: path.to_owned(),
            text,
        })
    };
    BLOCKS.iter().map(document).collect()
}

fn snapshots(root: &Path, snapshots: &[(&str, &str)]) -> Result<String> {
    let mut text = String::new();

    for (title, path) in snapshots {
        let snapshot = read(root, path)?;
        // A head between two lines of dashes, which insta writes, then the text itself.
        let body = snapshot
            .splitn(3, "---\n")
            .nth(2)
            .with_context(|| format!("`{path}` is not a snapshot"))?;

        text += &format!(
            "\n## {title}\n\nTenu par un test : `{path}`.\n\n{}\n",
            body.trim_end()
        );
    }

    Ok(text)
}

/// The text with `block` between the marks of `name`.
pub(super) fn replace(text: &str, name: &str, block: &str) -> Result<String> {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let (before, rest) = text
        .split_once(&open)
        .with_context(|| format!("there is no `{open}`"))?;
    let (_, after) = rest
        .split_once(&close)
        .with_context(|| format!("there is no `{close}`"))?;
    Ok(format!(
        "{before}{open}\n{}\n{close}{after}",
        block.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_replaced_between_its_marks() {
        let text = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
        assert_eq!(
            replace(text, "x", "new\n").unwrap(),
            "a\n<!-- x -->\nnew\n<!-- /x -->\nb\n"
        );
        assert_eq!(
            replace(text, "y", "new").unwrap_err().to_string(),
            "there is no `<!-- y -->`"
        );
    }
}
