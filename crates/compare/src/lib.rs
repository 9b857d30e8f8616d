#![doc = include_str!("../README.md")]

mod assess;
mod call_graph;
mod call_semantics;
mod cannot_see;
mod configuration;
mod corpus;
mod criteria;
mod criterion_claim;
mod document;
mod fact;
#[cfg(test)]
mod fuzz;
mod gates;
mod guards;
mod javascript;
mod lexicon;
mod limits;
mod markup;
mod model;
mod module;
mod notebook;
mod options;
mod path_index;
pub mod proof;
mod python;
mod reading;
mod red_flags;
mod rules;
mod rust;
mod source_reader;
mod sql;
mod submission_kind;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod unread;
mod whole_tree_facts;
mod workflow;
mod yaml;

use std::path::Path;

pub use model::{
    Comparison, CompetencyResult, CriterionResult, Evidence, Finding, FindingKind, ReadVolume,
    Skipped, Strength, Submission, SubmissionKind,
};
pub use options::{Error, Options};

use corpus::Corpus;
use criteria::Criteria;
use rules::Rules;

/// Reads the submission at `path`.
///
/// # Errors
/// When there is nothing to read there; whatever is unreadable inside is a line of `skipped`.
pub fn compare(path: &Path, options: &Options) -> Result<Submission, Error> {
    let criteria = Criteria::load()?;
    let rules = Rules::load()?;
    let mut tree = tree::list(path, options)?;
    let mut corpus = reading::read(&tree, &rules).map_err(|reason| Error::Git {
        path: path.display().to_string(),
        reason,
    })?;

    whole_tree_facts::add(&mut corpus, tree.history.as_ref());
    // Competencies are judged once the whole tree is known: the guard of a route may stand in
    // another file.
    let competencies = assess::assess(&corpus, &rules, &criteria);

    let red_flags = all_red_flags(&mut corpus, &competencies);
    let mut skipped = tree.skipped();
    skipped.append(&mut cannot_see::kept(std::mem::take(&mut corpus.skipped)));

    let kind = submission_kind::of(&corpus, &skipped, &competencies, &red_flags);
    Ok(Submission {
        name: tree.name,
        path: path.display().to_string(),
        commit: tree.commit,
        kind,
        read: corpus.read,
        skipped,
        competencies,
        red_flags,
        cannot_see: cannot_see::of(&corpus, tree.history.as_ref()),
    })
}

/// The findings of the tree and those of its files: in one order whatever thread read first, and
/// one question a place.
fn all_red_flags(corpus: &mut Corpus, competencies: &[CompetencyResult]) -> Vec<Finding> {
    let mut found = red_flags::of_corpus(corpus);
    found.extend(red_flags::of_claims(corpus, competencies));
    found.append(&mut corpus.red_flags);
    found.sort();
    found.dedup();
    found
}
