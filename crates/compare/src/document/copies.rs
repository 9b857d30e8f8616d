//! Copies that look like a dossier: the jury's grid pasted in a page, the whole repository dumped
//! in one file.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::criteria::Criteria;
use crate::lexicon::PAGES;
use crate::text::{file_name, fold};

/// The thing that a page is a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied {
    Grid,
    Repository,
}

/// The official words and the beginning of each of our own wordings of the 142 criteria.
static GRID: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let criteria = Criteria::load().ok()?;
    let ours = criteria
        .all()
        .flat_map(|criterion| [start(&criterion.fr), start(&criterion.en)])
        // A short beginning may stand in any report.
        .filter(|text| text.len() >= 24);

    let official = PAGES.copies.official.iter().map(str::to_owned);
    AhoCorasick::new(official.chain(ours)).ok()
});

fn start(wording: &str) -> String {
    let text: String = plain(wording).chars().take(34).collect();
    text.trim_end().to_owned()
}

/// Folded text without the marks of bold type.
fn plain(text: &str) -> String {
    fold(text).replace("**", "")
}

/// The thing that a page is a copy of, and the line where the copy starts.
pub(crate) fn copied(path: &str, source: &str) -> Option<(Copied, usize)> {
    // A dump of the repository may hold a page that pastes the grid.
    repository(path, source)
        .map(|line| (Copied::Repository, line))
        .or_else(|| grid(source).map(|line| (Copied::Grid, line)))
}

fn grid(source: &str) -> Option<usize> {
    let text = plain(source);
    let mut found: Vec<(usize, usize)> = GRID
        .as_ref()?
        .find_iter(&text)
        .map(|one| (one.pattern().as_usize(), one.start()))
        .collect();
    let line = text[..found.first()?.1].matches('\n').count() + 1;

    found.sort_unstable();
    found.dedup_by_key(|(pattern, _)| *pattern);
    let (criteria, words) = (found.len(), text.split_whitespace().count());

    // A report may quote criteria as headings: only a page made of them is a copy.
    let is_copied =
        criteria >= 6 && words < criteria * 90 || criteria >= 4 && words < criteria * 50;
    // Little else than criteria: the whole page is the copy.
    let is_whole = words < criteria * 60 && line <= 40;
    is_copied.then_some(if is_whole { 1 } else { line })
}

/// A file that holds the others: repomix, gitingest, or home-made, with a header for each.
fn repository(path: &str, source: &str) -> Option<usize> {
    let is_named = PAGES
        .copies
        .dumps
        .any_in(&file_name(path).to_ascii_lowercase());

    let mut headers = source
        .lines()
        .enumerate()
        .filter(|(_, line)| is_header(line));
    let first = headers.next()?.0 + 1;
    // Twenty are enough to decide: a dump may have thousands.
    let count = headers.take(20).count() + 1;

    // A dump begins with a few lines of its tool.
    let is_whole = first <= 60;
    (count >= 10 || (is_named && count >= 3)).then_some(if is_whole { 1 } else { first })
}

fn is_header(line: &str) -> bool {
    let line = line
        .trim()
        .trim_start_matches(['#', '=', '-', '/', '*', ' ', '<']);
    let rest = PAGES
        .copies
        .headers
        .iter()
        .find_map(|mark| line.strip_prefix(mark));

    rest.is_some_and(|rest| {
        let name = rest
            .trim()
            .trim_end_matches(['=', '-', '>', '"', '*', '`', '#', ' '])
            .trim_start_matches(['`', ' ']);
        !name.is_empty() && !name.contains(' ') && name.contains('.')
    })
}
