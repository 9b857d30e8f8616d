//! Lays a candidate's repository beside the 142 criteria: what is there, where, how strong, and what only looks so.
//!
//! Nothing of the submission is ever executed, no link is followed out of its tree, no network is used, and the time
//! and the memory that it takes are bounded.

mod model;
mod text;
mod tree;

use std::path::Path;

pub use model::{
    Code, Comparison, CompetencyResult, CriterionResult, Evidence, FalseEvidence, Kind, Read, Skipped, Strength,
    Submission,
};

use crate::referential::Referential;

/// How a submission is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The commit to read instead of the files of the folder: a hash, a branch or a tag.
    pub commit: Option<String>,
}

/// Why a submission cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing stands at this path, or it cannot be opened.
    #[error("{path} : {source}")]
    Unreadable {
        /// The path as it was given.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The path is neither a folder nor a git repository.
    #[error("{0} : n'est pas un dossier")]
    NotAFolder(String),
    /// The repository has no such commit, or its objects cannot be read.
    #[error("{path} : {reason}")]
    Git {
        /// The path as it was given.
        path: String,
        /// What git says.
        reason: String,
    },
    /// The embedded referential is broken.
    #[error("référentiel illisible : {0}")]
    Referential(#[from] toml::de::Error),
}

/// Reads the submission at `path`.
///
/// # Errors
/// When there is nothing to read there; whatever is unreadable inside is a line of `skipped`.
pub fn compare(path: &Path, options: &Options) -> Result<Submission, Error> {
    let referential = Referential::load()?;
    let tree = tree::read(path, options)?;
    let competencies = referential.competencies.iter().map(nothing_found).collect();
    let kind = if tree.files.is_empty() { Kind::Empty } else { Kind::Submission };
    Ok(Submission {
        name: tree.name,
        path: path.display().to_string(),
        commit: tree.commit,
        kind,
        read: tree.read,
        skipped: tree.skipped,
        competencies,
        false_evidence: Vec::new(),
        cannot_see: Vec::new(),
    })
}

fn nothing_found(competency: &crate::referential::Competency) -> CompetencyResult {
    let criteria = competency.criteria.iter();
    CompetencyResult {
        id: competency.id.clone(),
        strength: Strength::Absent,
        criteria: criteria
            .map(|criterion| CriterionResult {
                id: criterion.id.clone(),
                strength: Strength::Absent,
                evidence: Vec::new(),
            })
            .collect(),
    }
}
