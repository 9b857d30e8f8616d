//! The unpublished part of `CHANGELOG.md`, assembled from `changelog.d`: one entry a file, so that
//! two changes never edit the same one.

use std::path::Path;

use anyhow::{Context, Result};

use super::Document;
use super::blocks::replace;
use crate::files::{markdown_files, read};

const CHANGELOG: &str = "CHANGELOG.md";
const FOLDER: &str = "changelog.d";

/// Categories of Keep a Changelog: the first line of an entry, then the heading over the entries.
const CATEGORIES: [(&str, &str); 4] = [
    ("ajouté", "Ajouté"),
    ("modifié", "Modifié"),
    ("corrigé", "Corrigé"),
    ("retiré", "Retiré"),
];

/// An entry, as its file says it.
struct Entry {
    heading: &'static str,
    text: String,
}

/// The changelog with the entries of the folder, by category, then by file name.
pub(crate) fn document(root: &Path) -> Result<Document> {
    let changelog = read(root, CHANGELOG)?;
    let text = replace(&changelog, "entrées", &assembled(&entries(root)?))
        .with_context(|| format!("in `{CHANGELOG}`"))?;

    Ok(Document {
        path: CHANGELOG.to_owned(),
        text,
    })
}

/// The headings under which there are entries, in their order.
pub(crate) fn headings(root: &Path) -> Result<Vec<&'static str>> {
    let entries = entries(root)?;
    let is_used = |heading: &&str| entries.iter().any(|entry| entry.heading == *heading);
    Ok(CATEGORIES
        .map(|(_, heading)| heading)
        .into_iter()
        .filter(is_used)
        .collect())
}

/// The text of all entries, under their headings.
pub(crate) fn assembled_entries(root: &Path) -> Result<String> {
    Ok(assembled(&entries(root)?))
}

/// Puts the entries under the heading of a version, whose whole text is `section`, and takes their
/// files away.
pub(crate) fn publish(root: &Path, section: &str) -> Result<()> {
    let end = "<!-- /entrées -->\n";
    let emptied = replace(&read(root, CHANGELOG)?, "entrées", "")?;
    let published = emptied.replacen(end, &format!("{end}\n{}\n", section.trim_end()), 1);
    std::fs::write(root.join(CHANGELOG), published)
        .with_context(|| format!("cannot write `{CHANGELOG}`"))?;

    for name in fragments(root)? {
        std::fs::remove_file(root.join(FOLDER).join(&name))
            .with_context(|| format!("cannot remove `{FOLDER}/{name}`"))?;
    }
    Ok(())
}

/// Names of the files of the entries.
fn fragments(root: &Path) -> Result<Vec<String>> {
    let mut names = markdown_files(&root.join(FOLDER))?;
    names.retain(|name| name != "README.md");
    Ok(names)
}

fn entries(root: &Path) -> Result<Vec<Entry>> {
    fragments(root)?
        .into_iter()
        .map(|name| {
            let path = format!("{FOLDER}/{name}");
            entry(&read(root, &path)?).with_context(|| format!("in `{path}`"))
        })
        .collect()
}

fn entry(text: &str) -> Result<Entry> {
    let (category, text) = text.split_once('\n').unwrap_or((text, ""));
    let (_, heading) = CATEGORIES
        .into_iter()
        .find(|(name, _)| *name == category.trim())
        .with_context(|| {
            let names = CATEGORIES.map(|(name, _)| format!("`{name}`")).join(", ");
            format!(
                "the first line is `{}`, not one of {names}",
                category.trim()
            )
        })?;

    // A line break would end the item of the list that the entry becomes.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    anyhow::ensure!(
        !text.is_empty(),
        "the entry says nothing below its category"
    );
    Ok(Entry { heading, text })
}

fn assembled(entries: &[Entry]) -> String {
    let mut text = String::new();

    for (_, heading) in CATEGORIES {
        let items: String = entries
            .iter()
            .filter(|entry| entry.heading == heading)
            .map(|entry| format!("- {}\n", entry.text))
            .collect();
        if !items.is_empty() {
            text += &format!("### {heading}\n\n{items}\n");
        }
    }

    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_under_the_heading_of_their_category() {
        let entries =
            ["corrigé\n\nUn.\n", "ajouté\n\nDeux,\ntrois.\n"].map(|text| entry(text).unwrap());
        assert_eq!(
            assembled(&entries),
            "### Ajouté\n\n- Deux, trois.\n\n### Corrigé\n\n- Un.\n\n"
        );
    }

    #[test]
    fn a_published_version_takes_the_entries_under_its_heading() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(root.path().join(name), text).unwrap();
        std::fs::create_dir(root.path().join(FOLDER)).unwrap();
        write(
            CHANGELOG,
            "# Journal\n\n<!-- entrées -->\n- Un.\n<!-- /entrées -->\n\n## 0.1.0\n",
        );
        write("changelog.d/a.md", "corrigé\n\nUn.\n");
        write("changelog.d/README.md", "# Entrées\n");

        assert_eq!(headings(root.path()).unwrap(), ["Corrigé"]);
        publish(root.path(), "## 0.1.1\n\n- Un.\n\n").unwrap();

        assert_eq!(
            read(root.path(), CHANGELOG).unwrap(),
            "# Journal\n\n<!-- entrées -->\n\n<!-- /entrées -->\n\n## 0.1.1\n\n- Un.\n\n## 0.1.0\n"
        );
        assert!(headings(root.path()).unwrap().is_empty());
        assert!(root.path().join("changelog.d/README.md").exists());
    }

    #[test]
    fn an_entry_without_a_category_is_refused() {
        let error = |text| entry(text).err().unwrap().to_string();
        assert_eq!(
            error("Un service de plus.\n"),
            "the first line is `Un service de plus.`, not one of `ajouté`, `modifié`, `corrigé`, `retiré`"
        );
        assert_eq!(
            error("ajouté\n"),
            "the entry says nothing below its category"
        );
    }
}
