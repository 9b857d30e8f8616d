//! Claims of a page about the tree: files, links, protected routes, thresholds.

use super::prose::is_promise;
use crate::criterion_claim::{self, CriterionClaim};
use crate::gates;
use crate::lexicon::PAGES;
use crate::text::{fold, folders};

/// A sentence of a page that the tree can confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) claimed: Claimed,
}

/// The thing that a page claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claimed {
    /// A file or folder of the tree exists.
    File(String),
    /// A target of `make` or a script of npm.
    Recipe(String),
    /// A link of the page leads somewhere in the tree.
    Link(String),
    /// A route asks who calls: method when said, path.
    Protected(String, String),
    /// A number binds a measure: its word, its value.
    Threshold(String, String),
    /// A criterion is met.
    Criterion(CriterionClaim),
}

/// The claims of a page.
pub(crate) fn read(path: &str, source: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let (mut in_code, mut in_promise) = (false, false);

    for (index, line) in source.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            // The marks of a block of code claim nothing themselves.
            in_code = !in_code;
            continue;
        }

        let folded = fold(line);
        if line.starts_with('#') && !in_code {
            // Files of a roadmap are not claimed to be there.
            in_promise = is_promise(&folded);
        }
        if in_promise {
            continue;
        }

        let claimed = if in_code {
            claims_of_code(line, &folded)
        } else {
            claims_of_prose(line, &folded)
        };
        claims.extend(claimed.into_iter().map(|claimed| Claim {
            path: path.to_owned(),
            line: index + 1,
            claimed,
        }));
    }

    claims
}

fn claims_of_code(line: &str, folded: &str) -> Vec<Claimed> {
    let command = line.trim().trim_start_matches("$ ");
    let recipe = recipe(command).map(Claimed::Recipe);
    let program = program(command).map(Claimed::File);

    [recipe, program, threshold(folded)]
        .into_iter()
        .flatten()
        .collect()
}

fn claims_of_prose(line: &str, folded: &str) -> Vec<Claimed> {
    let quoted = || line.split('`').skip(1).step_by(2);
    let mut claims: Vec<Claimed> = links(line).map(Claimed::Link).collect();

    // A file that the reader is to create, or that a run makes, is not claimed to be there.
    if !PAGES.claims.made.any_in(folded) {
        let files = quoted().filter(|word| is_named_file(word));
        claims.extend(files.map(|file| Claimed::File(file.to_owned())));
    }

    claims.extend(protected(line, folded));
    claims.extend(quoted().filter_map(recipe).map(Claimed::Recipe));
    claims.extend(threshold(folded));
    claims.extend(
        criterion_claim::of_line(line)
            .into_iter()
            .map(Claimed::Criterion),
    );
    claims
}

fn links(line: &str) -> impl Iterator<Item = String> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split([' ', '#']).next()?;
        let is_local = !target.is_empty()
            && !target.contains("://")
            && !target.starts_with(['#', '<', '/', '{'])
            && !target.starts_with("mailto:")
            && !target.contains("..")
            && !target.contains(char::is_control);
        is_local.then(|| target.to_owned())
    })
}

/// The target of `make start` and `npm run e2e`.
fn recipe(words: &str) -> Option<String> {
    let target = words
        .strip_prefix("make ")
        .or_else(|| words.strip_prefix("npm run "))?
        .split_whitespace()
        .next()?;
    let is_plain = target
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    is_plain.then(|| target.to_owned())
}

/// The program of a line of code: `python scripts/train.py`.
fn program(command: &str) -> Option<String> {
    let file = ["python ", "python3 ", "streamlit run "]
        .iter()
        .find_map(|runner| command.strip_prefix(runner))?
        .split_whitespace()
        .next()?;
    let is_plain = file.ends_with(".py")
        && file.contains('/')
        && !file.starts_with(['/', '~', '.', '<', '$', '-']);
    is_plain.then(|| file.to_owned())
}

/// True when a word between backquotes is a file, with a folder and an extension that only code and
/// configuration have.
fn is_named_file(word: &str) -> bool {
    PAGES.claims.endings.any_ends(word)
        && word.contains('/')
        && !word.contains("://")
        && !word.contains("..")
        && !word.starts_with(['/', '~', '$', '<', '-', '*', '.'])
        && !word.contains(['*', '<', '{', '$', '[', '|', '…', ' '])
        && !is_output(word)
}

/// Data in a folder that a run fills was never committed.
fn is_output(path: &str) -> bool {
    path.ends_with(".json") && folders(path).any(|one| PAGES.claims.output_folders.has(one))
}

/// Routes on a line that says that a token or a key is asked for.
fn protected(line: &str, folded: &str) -> Vec<Claimed> {
    let words = &PAGES.claims;
    if !words.protected.any_in(folded) || words.open.any_in(folded) {
        return Vec::new();
    }

    let mut found = Vec::new();
    let mut method = "";
    for word in line.split(|letter: char| letter.is_whitespace() || "`|*,()".contains(letter)) {
        if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&word) {
            method = word;
        } else if word.len() > 2 && word.starts_with('/') && !word.contains('.') {
            let path = word.trim_end_matches([':', ';']);
            found.push(Claimed::Protected(method.to_owned(), path.to_owned()));
        }
    }
    found
}

/// The measure that a model is held to, with its number: `accuracy >= 0.85`, « une précision sous
/// 0,85 ».
fn threshold(folded: &str) -> Option<Claimed> {
    if !PAGES.claims.bounds.any_in(folded) {
        return None;
    }
    let (measure, end) = gates::measure(folded)?;

    // The number stands close to its measure, after it more often than before.
    let after: String = folded[end..].chars().take(48).collect();
    let before = folded[..end]
        .char_indices()
        .rev()
        .nth(24)
        .map_or(0, |(start, _)| start);
    let value = number(&after).or_else(|| number(&folded[before..end]))?;

    Some(Claimed::Threshold(measure.to_owned(), value))
}

/// The first number of a text as a plain decimal: `85 %` is 0.85, `0,80` is 0.8.
fn number(text: &str) -> Option<String> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && !".,".contains(letter));
    let (digits, unit) = rest.split_at(end.unwrap_or(rest.len()));

    let digits = digits.trim_end_matches(['.', ',']).replace(',', ".");
    let value: f64 = digits.parse().ok()?;
    let is_percent = unit.trim_start().starts_with('%');
    Some(format!(
        "{}",
        if is_percent { value / 100.0 } else { value }
    ))
}
