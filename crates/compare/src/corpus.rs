//! Everything that was read of a submission, file by file on two threads.

mod file;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::document::Claim;
use super::fact::Fact;
use super::model::{Evidence, Finding, ReadVolume, Skipped};
use super::module::Module;
use super::rules::Rules;
use super::tree::{Entry, Language, Tree};
use super::workflow::{StepKind, Workflow};

/// Threads that read.
const THREADS: usize = 2;
/// Greatest number of bytes of source given to the grammars.
const SOURCE_BUDGET: u64 = 6 << 20;
/// Greatest number of bytes of pages given to the rules.
const PAGE_BUDGET: u64 = 4 << 20;

/// What was understood of a submission.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    pub(super) modules: Vec<Module>,
    pub(super) workflows: Vec<Workflow>,
    /// Facts of configuration, and later those that need the whole tree.
    pub(super) facts: Vec<Fact>,
    pub(super) pages: Vec<Page>,
    pub(super) claims: Vec<Claim>,
    pub(super) red_flags: Vec<Finding>,
    /// What pages say, by index of the rule.
    pub(super) said: Vec<(usize, Evidence)>,
    /// Scripts that a pipeline may run, with what they do.
    pub(super) scripts: Vec<(String, Vec<StepKind>)>,
    /// Targets of make, scripts of npm.
    pub(super) recipes: BTreeSet<String>,
    /// Every path of the tree, in order.
    pub(super) paths: Vec<String>,
    pub(super) read: ReadVolume,
    pub(super) skipped: Vec<Skipped>,
    /// Reports that only a person can open: PDF, Word, slides.
    pub(super) closed_reports: Vec<String>,
}

/// A page, once the rules have read it.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) path: String,
    /// Short and long hashes that the page names, with their line.
    pub(super) hashes: Vec<(String, usize)>,
    pub(super) is_incident: bool,
    /// Whether the page names the certification.
    pub(super) names_certification: bool,
}

/// Reads every entry of the tree.
pub(super) fn read(tree: &Tree, rules: &Rules) -> Result<Corpus, String> {
    let parsed = within_budget(&tree.entries);
    let (next, pieces) = (
        AtomicUsize::new(0),
        Mutex::new(Vec::with_capacity(tree.entries.len())),
    );
    let readers = (0..THREADS)
        .map(|_| tree.reader())
        .collect::<Result<Vec<_>, _>>()?;

    std::thread::scope(|scope| {
        for mut reader in readers {
            let (next, pieces, parsed) = (&next, &pieces, &parsed);

            scope.spawn(move || {
                let mut mine = Vec::new();

                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(entry) = tree.entries.get(index) else {
                        break;
                    };
                    mine.push((index, file::read(entry, &mut reader, rules, parsed[index])));
                }

                if let Ok(mut pieces) = pieces.lock() {
                    pieces.append(&mut mine);
                }
            });
        }
    });

    let mut pieces = pieces.into_inner().unwrap_or_default();
    pieces.sort_by_key(|(index, _)| *index);
    let mut corpus = Corpus {
        paths: tree.paths.clone(),
        closed_reports: closed_reports(&tree.paths),
        ..Corpus::default()
    };

    pieces.into_iter().for_each(|(_, file)| corpus.merge(file));
    let unparsed = parsed.iter().filter(|parsed| !**parsed).count();
    if unparsed > 0 {
        let reason = format!(
            "{unparsed} fichiers lus sans être analysés : au-delà de {} Mio de code ou de {} Mio de pages, les moins profonds d'abord",
            SOURCE_BUDGET >> 20,
            PAGE_BUDGET >> 20
        );

        corpus.skipped.push(Skipped {
            path: String::new(),
            reason,
        });
    }

    Ok(corpus)
}

/// Which entries are analysed: the least deep first, so that the answer does not depend on the
/// machine.
fn within_budget(entries: &[Entry]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].path.matches('/').count());
    let (mut source, mut pages) = (0, 0);
    let mut parsed = vec![true; entries.len()];

    for index in order {
        let entry = &entries[index];
        let (spent, budget) = match Language::of(&entry.path) {
            Language::Markdown => (&mut pages, PAGE_BUDGET),
            _ if file::is_parsed(&entry.path) => (&mut source, SOURCE_BUDGET),
            _ => continue,
        };

        // A notebook is mostly its outputs, which no grammar reads.
        *spent += if Language::of(&entry.path) == Language::Notebook {
            entry.size / 8
        } else {
            entry.size
        };
        parsed[index] = *spent <= budget;
    }

    parsed
}

fn closed_reports(paths: &[String]) -> Vec<String> {
    const ENDINGS: [&str; 8] = [
        ".pdf", ".docx", ".doc", ".odt", ".pptx", ".ppt", ".odp", ".xlsx",
    ];
    let is_report = |path: &&String| {
        ENDINGS
            .iter()
            .any(|ending| path.to_ascii_lowercase().ends_with(ending))
    };
    paths.iter().filter(is_report).cloned().collect()
}

#[cfg(test)]
pub(super) use file::understand;

impl Corpus {
    /// Adds what was found in other files; the paths of the tree are those of the whole.
    pub(super) fn merge(&mut self, file: Self) {
        self.read.files += file.read.files;
        self.read.bytes += file.read.bytes;
        self.modules.extend(file.modules);
        self.workflows.extend(file.workflows);
        self.facts.extend(file.facts);
        self.pages.extend(file.pages);
        self.claims.extend(file.claims);
        self.red_flags.extend(file.red_flags);
        self.said.extend(file.said);
        self.skipped.extend(file.skipped);
        self.recipes.extend(file.recipes);
        self.scripts.extend(file.scripts);
    }

    /// Every fact, of code and of configuration.
    pub(super) fn all_facts(&self) -> impl Iterator<Item = &Fact> {
        self.modules
            .iter()
            .flat_map(|module| &module.facts)
            .chain(&self.facts)
    }

    /// Whether the tree has this file or folder, from the root or from the folder of `from`.
    pub(super) fn has_path(&self, path: &str, from: &str) -> bool {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let known = |path: &str| {
            self.paths
                .binary_search_by(|known| known.as_str().cmp(path))
                .is_ok()
        };
        let mut folder = from;

        loop {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            let joined = if folder.is_empty() {
                path.to_owned()
            } else {
                format!("{folder}/{path}")
            };

            if known(&joined) {
                return true;
            }

            if folder.is_empty() {
                // A report often names paths from the folder of its part of a larger repository.
                let suffix = format!("/{path}");
                return self.paths.iter().any(|known| known.ends_with(&suffix));
            }
        }
    }
}
