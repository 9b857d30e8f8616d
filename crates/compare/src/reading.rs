//! Reads the files of a tree into a corpus, on two threads.

mod file;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(test)]
pub(crate) use file::understand;

use crate::corpus::Corpus;
use crate::lexicon::FILES;
use crate::model::Skipped;
use crate::rules::Rules;
use crate::tree::{Entry, EntryReader, Language, Tree};

/// Threads that read.
const THREADS: usize = 2;
/// Greatest number of bytes of source given to the grammars.
const SOURCE_BUDGET: u64 = 6 << 20;
/// Greatest number of bytes of pages given to the rules.
const PAGE_BUDGET: u64 = 4 << 20;

/// Reads every entry of the tree.
///
/// # Errors
/// When git does not hand out the objects of a commit.
pub(crate) fn read(tree: &Tree, rules: &Rules) -> Result<Corpus, String> {
    let parsed = within_budget(&tree.listing.entries);
    let files = read_files(tree, rules, &parsed)?;

    let mut corpus = Corpus {
        paths: tree.listing.paths.clone(),
        closed_reports: closed_reports(&tree.listing.paths),
        ..Corpus::default()
    };
    for file in files {
        corpus.merge(file);
    }

    let unparsed = parsed.iter().filter(|parsed| !**parsed).count();
    corpus
        .skipped
        .extend((unparsed > 0).then(|| beyond_budget(unparsed)));
    Ok(corpus)
}

/// The corpus of each file, in the order of the tree whatever thread read it.
fn read_files(tree: &Tree, rules: &Rules, parsed: &[bool]) -> Result<Vec<Corpus>, String> {
    let readers = (0..THREADS)
        .map(|_| tree.reader())
        .collect::<Result<Vec<_>, _>>()?;
    let (next, files) = (AtomicUsize::new(0), Mutex::new(Vec::new()));

    std::thread::scope(|scope| {
        for mut reader in readers {
            let (next, files) = (&next, &files);
            scope.spawn(move || {
                let mut own = read_some(tree, &mut reader, rules, parsed, next);
                if let Ok(mut files) = files.lock() {
                    files.append(&mut own);
                }
            });
        }
    });

    let mut files = files.into_inner().unwrap_or_default();
    files.sort_by_key(|(index, _)| *index);
    Ok(files.into_iter().map(|(_, file)| file).collect())
}

/// Reads files one by one until none is left: a large one does not hold up half of the tree.
fn read_some(
    tree: &Tree,
    reader: &mut EntryReader,
    rules: &Rules,
    parsed: &[bool],
    next: &AtomicUsize,
) -> Vec<(usize, Corpus)> {
    let indexes = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
    indexes
        .map_while(|index| Some((index, tree.listing.entries.get(index)?)))
        .map(|(index, entry)| (index, file::read(entry, reader, rules, parsed[index])))
        .collect()
}

/// For each entry, whether it is analysed: the least deep first, so that the answer does not depend
/// on the machine.
fn within_budget(entries: &[Entry]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|index| entries[*index].path.matches('/').count());

    let (mut source, mut pages) = (0, 0);
    let mut parsed = vec![true; entries.len()];

    for index in order {
        let entry = &entries[index];
        let language = Language::of(&entry.path);
        let (spent, budget) = match language {
            Language::Markdown => (&mut pages, PAGE_BUDGET),
            _ if language.is_parsed() => (&mut source, SOURCE_BUDGET),
            _ => continue,
        };

        // A notebook is mostly its outputs, which no grammar reads.
        let share = if language == Language::Notebook { 8 } else { 1 };
        *spent += entry.size / share;
        parsed[index] = *spent <= budget;
    }

    parsed
}

fn beyond_budget(unparsed: usize) -> Skipped {
    Skipped {
        path: String::new(),
        reason: format!(
            "{unparsed} fichiers lus sans être analysés : au-delà de {} Mio de code ou de {} Mio de pages, les moins profonds d'abord",
            SOURCE_BUDGET >> 20,
            PAGE_BUDGET >> 20
        ),
    }
}

fn closed_reports(paths: &[String]) -> Vec<String> {
    let is_report = |path: &&String| FILES.endings.reports.any_ends(&path.to_ascii_lowercase());
    paths.iter().filter(is_report).cloned().collect()
}
