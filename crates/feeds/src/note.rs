//! A person's note after the weekly hour: the part of a digest that no program makes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use filrouge_bounded::{TomlFileError, read_toml};
use serde::Deserialize;
use url::Url;

use crate::week::Week;

/// The reading of one week.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The week that was read.
    pub week: Week,
    /// Name of a theme of `data/feeds.toml`.
    pub theme: String,
    /// Title in French.
    pub title: String,
    /// The day when it was written.
    pub written: NaiveDate,
    /// The role that wrote it.
    pub by: String,
    /// The facts of the week.
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
    /// The consequences for the project, a paragraph each.
    pub consequences: Vec<String>,
    /// The advice that follows.
    #[serde(rename = "recommendation")]
    pub recommendations: Vec<Recommendation>,
}

/// Something that happened, and who says so.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The fact in a sentence or two.
    pub text: String,
    /// The page that says it.
    pub source: Url,
    /// The date of that page.
    pub date: NaiveDate,
    /// False when the page could not be read again on the day of writing.
    pub is_checked: bool,
}

/// Advice that follows from the facts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    /// The advice in a sentence.
    pub text: String,
    /// The decision or the document of the repository that followed, from its root.
    pub followed_by: Option<String>,
    /// The measured effect, and where it is told.
    pub effect: Option<String>,
}

/// The reason why a note cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NoteError {
    /// A file, or the folder, cannot be used.
    #[error(transparent)]
    File(#[from] TomlFileError),
    /// Two notes are of one week.
    #[error("`{}` et un autre portent la semaine {week}", .path.display())]
    TwoOfOneWeek {
        /// The second file.
        path: PathBuf,
        /// Their week.
        week: Week,
    },
}

impl Note {
    /// Reads the notes of a folder, oldest first.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, when a file is not in this form, or when two are of
    /// the same week.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>, NoteError> {
        let unreadable = |error| TomlFileError::unreadable(folder, error);
        let mut notes = Vec::new();
        let mut weeks = BTreeSet::new();

        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }

            let note: Self = read_toml(&path)?;
            let week = note.week;
            if !weeks.insert(week) {
                return Err(NoteError::TwoOfOneWeek { path, week });
            }
            notes.push(note);
        }

        notes.sort_by_key(|note| note.week);
        Ok(notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = r#"
        week = "2026-W45"
        theme = "ia"
        title = "Titre"
        written = "2026-11-06"
        by = "développeuse"
        consequences = []
        fact = []
        recommendation = []
    "#;

    #[test]
    fn notes_come_oldest_first_and_one_a_week() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("b.toml", NOTE);
        write("a.toml", &NOTE.replace("W45", "W46"));
        write("README.md", "pas une note");

        let weeks: Vec<_> = Note::read_all(folder.path())
            .unwrap()
            .iter()
            .map(|note| note.week.to_string())
            .collect();
        assert_eq!(weeks, ["2026-W45", "2026-W46"]);

        write("c.toml", NOTE);
        let error = Note::read_all(folder.path()).unwrap_err().to_string();
        assert!(error.contains("portent la semaine 2026-W45"), "{error}");
    }

    #[test]
    fn an_unknown_field_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let text = NOTE.replace("by =", "author =");
        std::fs::write(folder.path().join("a.toml"), text).unwrap();

        let error = Note::read_all(folder.path()).unwrap_err().to_string();
        assert!(error.contains("author"), "{error}");
    }
}
