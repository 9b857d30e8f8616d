//! The sources of the watch: where, why, and how far each can be trusted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use filrouge_bounded::{TomlFileError, read_toml};
use serde::Deserialize;
use url::Url;

use crate::theme::Theme;

/// A source below this many points of twelve is not followed.
pub(crate) const LEAST_POINTS: u32 = 7;

/// The sources and the themes of `data/feeds.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sources {
    /// The subjects of the watch.
    #[serde(rename = "theme")]
    pub themes: Vec<Theme>,
    /// Whom it reads, refused sources included.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// One publisher's feed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A short identifier, such as `cnil`.
    pub name: String,
    /// Who publishes, in French.
    pub publisher: String,
    /// Where the feed is.
    pub address: Url,
    /// Names of the themes that it is read for.
    pub themes: Vec<String>,
    /// How far it can be trusted.
    pub reliability: Reliability,
}

/// The grid of C6.6: six questions, a grade and the reason for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reliability {
    /// Is the author named?
    pub author: Grade,
    /// Are they competent, known, and without an interest in the subject?
    pub competence: Grade,
    /// Is the content recent, sourced and well written?
    pub content: Grade,
    /// Is the document structured?
    pub structure: Grade,
    /// Is it accessible?
    pub accessibility: Grade,
    /// Can it be checked elsewhere?
    pub confirmation: Grade,
}

/// An answer to one question of the grid.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// 0 no, 1 in part, 2 yes.
    pub points: u32,
    /// The reason, in French.
    pub why: String,
}

/// One question of the grid, as a page shows it.
#[derive(Debug, Clone, Copy)]
pub struct Criterion<'a> {
    /// The question, in French.
    pub question: &'static str,
    /// The answer.
    pub grade: &'a Grade,
}

/// The reason why the sources cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourcesError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] TomlFileError),
    /// It contradicts itself.
    #[error("`{}` : {reason}", .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The contradiction, in French.
        reason: String,
    },
}

impl Sources {
    /// Reads the sources and checks that they hold together.
    ///
    /// # Errors
    /// When the file is not there or not in this form, names a theme that it does not describe,
    /// twice the same source, or gives a grade that is not 0, 1 or 2.
    pub fn read(path: &Path) -> Result<Self, SourcesError> {
        let sources: Self = read_toml(path)?;

        sources.contradiction().map_or(Ok(sources), |reason| {
            Err(SourcesError::Content {
                path: path.to_owned(),
                reason,
            })
        })
    }

    /// The first thing that does not hold, in French.
    fn contradiction(&self) -> Option<String> {
        let themes: BTreeSet<_> = self.themes.iter().map(|theme| &theme.name).collect();
        let mut names = BTreeSet::new();

        self.sources.iter().find_map(|source| {
            let name = &source.name;
            if !names.insert(name) {
                return Some(format!("la source « {name} » y est deux fois"));
            }
            if let Some(theme) = source.themes.iter().find(|theme| !themes.contains(theme)) {
                return Some(format!("« {name} » nomme un thème inconnu, « {theme} »"));
            }

            let wrong = source.criteria().into_iter().find(|it| it.grade.points > 2);
            wrong.map(|it| {
                let Criterion { question, grade } = it;
                format!(
                    "« {name} », « {question} » : {} point(s), sur 2",
                    grade.points
                )
            })
        })
    }

    /// The sources that are reliable enough to be followed.
    pub fn followed(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.is_followed())
    }
}

impl Source {
    /// The six questions of the grid, in the order of C6.6.
    pub fn criteria(&self) -> [Criterion<'_>; 6] {
        let grid = &self.reliability;
        let questions = [
            ("Auteur identifié", &grid.author),
            ("Compétent, reconnu, indépendant", &grid.competence),
            ("Contenu récent, sourcé, bien écrit", &grid.content),
            ("Document structuré", &grid.structure),
            ("Accessible", &grid.accessibility),
            ("Recoupable ailleurs", &grid.confirmation),
        ];
        questions.map(|(question, grade)| Criterion { question, grade })
    }

    /// The sum of the six grades, of twelve.
    pub fn points(&self) -> u32 {
        self.criteria().iter().map(|it| it.grade.points).sum()
    }

    /// True when the source has the points that are asked, and its author is not hidden.
    pub fn is_followed(&self) -> bool {
        self.points() >= LEAST_POINTS && self.reliability.author.points > 0
    }
}

#[cfg(test)]
mod tests;
