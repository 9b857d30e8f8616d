//! `docs/decisions/README.md`: the decisions, in the order of their numbers.

use std::path::Path;

use anyhow::{Context, Result};

use super::Document;

const FOLDER: &str = "docs/decisions";

/// The list, as the titles of the decisions give it.
pub(crate) fn document(root: &Path) -> Result<Document> {
    let folder = root.join(FOLDER);
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read `{FOLDER}`"))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names
        .collect::<std::io::Result<_>>()
        .context("cannot read a name")?;

    names.retain(|name| {
        name.starts_with(|first: char| first.is_ascii_digit()) && name.ends_with(".md")
    });
    names.sort();
    let mut text = "# Décisions\n\nPage écrite par `cargo xtask docs`. Chaque décision dit son contexte, les options et ce qui en a été mesuré, ce qui a été choisi et ce que cela entraîne.\n\n".to_owned();

    for name in names {
        let decision = std::fs::read_to_string(folder.join(&name))
            .with_context(|| format!("cannot read `{name}`"))?;
        text += &line(&name, &decision).with_context(|| format!("`{name}` has no title"))?;
    }

    Ok(Document {
        path: format!("{FOLDER}/README.md"),
        text,
    })
}

fn line(name: &str, decision: &str) -> Option<String> {
    let title = decision.lines().find_map(|line| line.strip_prefix("# "))?;
    let number = name.split('-').next()?;
    Some(format!("- {number} : [{title}]({name})\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_listed_under_its_title() {
        let listed = line(
            "0001-dataset.md",
            "# Le contrat a sa crate\n\n## Contexte\n",
        );
        assert_eq!(
            listed.as_deref(),
            Some("- 0001 : [Le contrat a sa crate](0001-dataset.md)\n")
        );
        assert_eq!(line("0002-vide.md", "Rien.\n"), None);
    }
}
