//! Lays a candidate's repository beside the 142 criteria: what is there, where, how strong, and
//! what only looks so.
//!
//! Nothing of the submission is ever executed, no link is followed out of its tree, no network is
//! used, and the time and the memory that it takes are bounded.

mod assess;
mod call_graph;
mod call_semantics;
mod configuration;
mod corpus;
mod criteria;
mod document;
mod fact;
#[cfg(test)]
mod fuzz;
mod gates;
mod javascript;
mod limits;
mod markup;
mod model;
mod module;
mod notebook;
pub mod proof;
mod python;
mod red_flags;
mod rules;
mod rust;
mod sql;
mod syntax;
#[cfg(test)]
mod tests;
mod tree;
mod whole_tree_facts;
mod workflow;
mod yaml;

use std::path::Path;

pub use model::{
    Comparison, CompetencyResult, CriterionResult, Evidence, Finding, FindingKind, ReadVolume,
    Skipped, Strength, Submission, SubmissionKind,
};

use criteria::Criteria;
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
    let criteria = Criteria::load()?;
    let rules = Rules::load()?;
    let mut tree = tree::list(path, options)?;
    let read = corpus::read(&tree, &rules);
    let mut corpus = read.map_err(|reason| Error::Git {
        path: path.display().to_string(),
        reason,
    })?;

    whole_tree_facts::add(&mut corpus, tree.history.as_ref());
    let competencies = assess::assess(&corpus, &rules, &criteria);
    let mut red_flags = red_flags::of_corpus(&corpus);
    red_flags.append(&mut corpus.red_flags);
    red_flags.sort();
    red_flags.dedup();
    let kind = assess::kind(&corpus, &competencies, &red_flags);

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
        red_flags,
        cannot_see: limits::of(&corpus, tree.history.as_ref()),
    })
}
