//! The labelled texts that the services are measured on.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A text, and its right reading.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LabelledText {
    /// The report.
    pub text: String,
    /// Its category; empty where abstaining is right.
    #[serde(deserialize_with = "optional")]
    pub category: Option<String>,
    /// True when it is urgent.
    pub urgent: bool,
    /// Its functional group.
    pub group: String,
}

/// Reason for which a set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// A line is not one.
    #[error("`{}`, ligne {line} : {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The fault.
        reason: String,
    },
    /// No text.
    #[error("`{}` est vide", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// The texts of the CSV file at `path`, with columns `text`, `category`, `urgent` and `group`.
///
/// # Errors
/// When it cannot be read, or a line is not in this form.
pub fn read_set(path: &Path) -> Result<Vec<LabelledText>, SetError> {
    let malformed = |error: csv::Error| SetError::Malformed {
        path: path.to_owned(),
        line: error.position().map_or(1, csv::Position::line),
        reason: error.to_string(),
    };
    let mut reader = csv::Reader::from_path(path).map_err(malformed)?;
    let texts: Result<Vec<LabelledText>, _> = reader.deserialize().collect();
    let texts = texts.map_err(malformed)?;

    if texts.is_empty() {
        return Err(SetError::Empty {
            path: path.to_owned(),
        });
    }
    Ok(texts)
}

/// The first `most` texts of each group.
pub fn small_part(texts: &[LabelledText], most: usize) -> Vec<LabelledText> {
    let mut kept: HashMap<&str, usize> = HashMap::new();

    texts
        .iter()
        .filter(|text| {
            let count = kept.entry(&text.group).or_default();
            *count += 1;
            *count <= most
        })
        .cloned()
        .collect()
}

fn optional<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(input)?;

    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> Result<Vec<LabelledText>, SetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("banc.csv");
        std::fs::write(&path, content).unwrap();
        read_set(&path)
    }

    #[test]
    fn an_empty_category_asks_for_abstention() {
        let texts = read("text,category,urgent,group\nbonjour,,false,sans-intention\n").unwrap();

        assert_eq!(texts[0].category, None);
        assert_eq!(small_part(&texts, 1).len(), 1);
        assert_eq!(small_part(&texts, 0).len(), 0);
    }

    #[test]
    fn no_text_of_the_set_was_learned() {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/triage");
        let learned = std::fs::read_to_string(data.join("signalements.csv")).unwrap();

        for text in read_set(&data.join("banc.csv")).unwrap() {
            let long_enough = text.text.chars().count() > 20;
            assert!(
                !long_enough || !learned.contains(&text.text),
                "{}",
                text.text
            );
        }
    }

    #[test]
    fn a_line_at_fault_is_named() {
        let refused = read("text,category,urgent,group\na,b,false,c\na,b,peut-être,c\n");
        assert!(refused.unwrap_err().to_string().contains("ligne 3"));

        let empty = read("text,category,urgent,group\n").unwrap_err();
        assert!(empty.to_string().contains("est vide"), "{empty}");
    }
}
