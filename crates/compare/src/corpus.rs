//! Everything that was understood of a submission.

use std::collections::BTreeSet;

use crate::document::{Claim, Document};
use crate::fact::Fact;
use crate::lexicon::PAGES;
use crate::model::{Evidence, Finding, ReadVolume, Skipped};
use crate::module::Module;
use crate::workflow::{StepKind, Workflow};

/// The files of a submission, as their readers understood them.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    pub(crate) modules: Vec<Module>,
    pub(crate) workflows: Vec<Workflow>,
    /// Facts of configuration, and later those that need the whole tree.
    pub(crate) facts: Vec<Fact>,
    pub(crate) pages: Vec<PageNotes>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) red_flags: Vec<Finding>,
    /// Evidence of pages, by index of the rule.
    pub(crate) said: Vec<(usize, Evidence)>,
    /// Scripts that a pipeline may run, with their work.
    pub(crate) scripts: Vec<(String, Vec<StepKind>)>,
    /// Targets of make, scripts of npm.
    pub(crate) recipes: BTreeSet<String>,
    /// Every path of the tree, in order.
    pub(crate) paths: Vec<String>,
    pub(crate) read: ReadVolume,
    pub(crate) skipped: Vec<Skipped>,
    /// Reports that only a person can open: PDF, Word, slides.
    pub(crate) closed_reports: Vec<String>,
}

/// The part of a page that the rest of the tree is laid beside.
#[derive(Debug, Default)]
pub(crate) struct PageNotes {
    pub(crate) path: String,
    /// Short and long hashes that the page names, with their line.
    pub(crate) hashes: Vec<(String, usize)>,
    pub(crate) is_incident: bool,
    pub(crate) names_certification: bool,
}

impl Corpus {
    /// Adds the findings of other files; the paths of the tree are those of the whole.
    pub(crate) fn merge(&mut self, other: Self) {
        self.read.files += other.read.files;
        self.read.bytes += other.read.bytes;
        self.modules.extend(other.modules);
        self.workflows.extend(other.workflows);
        self.facts.extend(other.facts);
        self.pages.extend(other.pages);
        self.claims.extend(other.claims);
        self.red_flags.extend(other.red_flags);
        self.said.extend(other.said);
        self.skipped.extend(other.skipped);
        self.recipes.extend(other.recipes);
        self.scripts.extend(other.scripts);
    }

    /// Every fact, of code and of configuration.
    pub(crate) fn all_facts(&self) -> impl Iterator<Item = &Fact> {
        self.modules
            .iter()
            .flat_map(|module| &module.facts)
            .chain(&self.facts)
    }

    /// Every file of code that is no test, with its index.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (usize, &Module)> {
        self.modules
            .iter()
            .enumerate()
            .filter(|(_, module)| !module.is_test)
    }
}

impl PageNotes {
    pub(crate) fn of(page: &Document, source: &str) -> Self {
        let words = &PAGES.prose;
        let is_incident = words.incidents.any_in(&page.title())
            || page
                .sections
                .iter()
                .any(|section| words.incidents.any_in(&section.heading));

        Self {
            path: page.path.clone(),
            hashes: if is_incident {
                hashes(source)
            } else {
                Vec::new()
            },
            is_incident,
            names_certification: words.certification.any_in(&page.text),
        }
    }
}

/// Words that may be the hash of a commit, with their line.
fn hashes(source: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();

    for (index, line) in source.lines().enumerate() {
        let words = line.split(|letter: char| !letter.is_ascii_alphanumeric());
        let hashes = words.filter(|word| is_hash(word));
        found.extend(hashes.map(|word| (word.to_owned(), index + 1)));
    }

    found
}

/// True when a word is seven figures of base sixteen or more, one of which is no letter: `defaced`
/// is a word.
fn is_hash(word: &str) -> bool {
    (7..=40).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && word.bytes().any(|byte| byte.is_ascii_digit())
}
