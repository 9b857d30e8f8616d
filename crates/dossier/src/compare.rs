//! Lays a candidate's repository beside the 142 criteria: what is there, where, how strong, and
//! what only looks so.
//!
//! Nothing of the submission is ever executed, no link is followed out of its tree, no network is
//! used, and the time and the memory that it takes are bounded.

mod assess;
mod configuration;
mod corpus;
mod derive;
mod document;
mod fact;
mod falsehood;
mod gates;
mod javascript;
mod limits;
mod link;
mod markup;
mod meaning;
mod model;
mod module;
mod notebook;
mod python;
mod rules;
mod rust;
mod sql;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod workflow;
mod yaml;

use std::path::Path;

pub use model::{
    Code, Comparison, CompetencyResult, CriterionResult, Evidence, FalseEvidence, Kind, Read,
    Skipped, Strength, Submission,
};

use crate::referential::Referential;
use rules::Rules;

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
    let rules = Rules::load()?;
    let mut tree = tree::list(path, options)?;
    let read = corpus::read(&tree, &rules);
    let mut corpus = read.map_err(|reason| Error::Git {
        path: path.display().to_string(),
        reason,
    })?;

    derive::derive(&mut corpus, tree.history.as_ref());
    let competencies = assess::assess(&corpus, &rules, &referential);
    let mut false_evidence = falsehood::of_corpus(&corpus);
    false_evidence.append(&mut corpus.false_evidence);
    false_evidence.sort();
    false_evidence.dedup();
    let kind = assess::kind(&corpus, &competencies, &false_evidence);

    let mut skipped = tree.skipped();
    skipped.append(&mut corpus.skipped);

    Ok(Submission {
        name: tree.name,
        path: path.display().to_string(),
        commit: tree.commit,
        kind,
        read: corpus.read,
        skipped,
        competencies,
        false_evidence,
        cannot_see: limits::of(&corpus, tree.history.as_ref()),
    })
}
