//! Figures in documents come from `docs/benchmarks.json`, never from a keyboard.
//!
//! A document cites one as `<!-- chiffre:key -->52<!-- /chiffre -->`; the text between the two
//! comments is rewritten. `<!-- sortie:up --><!-- /sortie -->` holds the output
//! of a command.

use std::path::Path;

use anyhow::{Context, Result};

use super::Document;
use crate::bench::Measurements;
use crate::files::read;

const CITING: [&str; 4] = [
    "README.md",
    "README.en.md",
    "docs/ARCHITECTURE.md",
    "docs/resultats-api-modele.md",
];

/// `docs/benchmarks.md`, from the measurements.
pub(crate) fn benchmarks_page(root: &Path) -> Result<Document> {
    Ok(Document {
        path: "docs/benchmarks.md".to_owned(),
        text: Measurements::read(root)?.page(),
    })
}

/// The documents that cite figures, with the figures as they were measured.
pub(crate) fn documents_with_figures(root: &Path) -> Result<Vec<Document>> {
    let measurements = Measurements::read(root)?;

    CITING
        .into_iter()
        .map(|path| {
            let text = read(root, path)?;
            let text = rewrite(&text, "chiffre", |key| measurements.rounded(key))
                .with_context(|| format!("in `{path}`"))?;
            let text = rewrite(&text, "sortie", |key| measurements.printed(key))
                .with_context(|| format!("in `{path}`"))?;

            Ok(Document {
                path: path.to_owned(),
                text,
            })
        })
        .collect()
}

/// Replaces the text between the comments of one kind by the `value` of their key.
fn rewrite(text: &str, kind: &str, value: impl Fn(&str) -> Option<String>) -> Result<String> {
    let (open, close) = (format!("<!-- {kind}:"), format!("<!-- /{kind} -->"));
    // The first part stands before any comment of this kind.
    let mut parts = text.split(&open);
    let mut rewritten = parts.next().unwrap_or_default().to_owned();

    for part in parts {
        let (key, rest) = part
            .split_once(" -->")
            .with_context(|| format!("a `{kind}` comment is not closed"))?;
        let (_, after) = rest
            .split_once(&close)
            .with_context(|| format!("{kind} `{key}` has no end comment"))?;
        let value = value(key).with_context(|| format!("{kind} `{key}` was never measured"))?;
        rewritten += &format!("{open}{key} -->{value}{close}{after}");
    }

    Ok(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rewritten_in_place() {
        let text = "en <!-- chiffre:up -->1<!-- /chiffre --> s, puis <!-- chiffre:up --><!-- /chiffre -->.";
        let rewritten = rewrite(text, "chiffre", |key| {
            (key == "up").then(|| "42".to_owned())
        })
        .unwrap();
        assert_eq!(
            rewritten,
            "en <!-- chiffre:up -->42<!-- /chiffre --> s, puis <!-- chiffre:up -->42<!-- /chiffre -->."
        );
    }

    #[test]
    fn a_figure_that_nothing_measured_is_refused() {
        let error =
            rewrite("<!-- chiffre:x -->1<!-- /chiffre -->", "chiffre", |_| None).unwrap_err();
        assert_eq!(error.to_string(), "chiffre `x` was never measured");
    }
}
