//! Secrets in the repository. A finding never repeats the secret itself.

mod places;

use std::sync::LazyLock;

use regex::RegexSet;

use crate::lexicon::RED_FLAGS;
use crate::model::{Finding, FindingKind};
use crate::text::{file_name, is_name};
use crate::tree::{Language, Role};
use places::{assignments, line_starts, marks};

/// Greatest number of findings in one file.
const KEPT: usize = 5;
/// Longest line that is looked at, in bytes.
const LINE_LIMIT: usize = 4000;

/// Keys that have a shape of their own.
static SHAPES: LazyLock<Option<RegexSet>> =
    LazyLock::new(|| RegexSet::new(RED_FLAGS.secrets.shapes.iter()).ok());

pub(super) fn find(path: &str, role: Role, text: &str) -> Vec<Finding> {
    if role == Role::Data {
        return Vec::new();
    }
    let use_of = FileUse::of(path, role);
    let mut place = SecretPlace::default();

    lines(text, use_of)
        .filter(|line| line.text.len() < LINE_LIMIT && line.is_secret(use_of))
        .filter_map(|line| {
            place.go_to(text, line.start);
            (!place.is_in_docstring()).then(|| question(path, place.line + 1, line.text))
        })
        .take(KEPT)
        .collect()
}

/// A place of a text, that only goes forward: each byte before it is counted once.
#[derive(Default)]
struct SecretPlace {
    at: usize,
    /// Lines that end before it.
    line: usize,
    /// Marks of docstrings before it.
    marks: usize,
}

impl SecretPlace {
    fn go_to(&mut self, text: &str, at: usize) {
        let passed = &text[self.at..at];
        self.line += passed.matches('\n').count();
        self.marks += passed.matches("\"\"\"").count() + passed.matches("'''").count();
        self.at = at;
    }

    fn is_in_docstring(&self) -> bool {
        self.marks % 2 == 1
    }
}

/// A line that holds the beginning of a key, or assigns something.
struct Line<'text> {
    start: usize,
    text: &'text str,
    is_marked: bool,
}

/// The only lines that are looked at, in the order of the text.
fn lines(text: &str, use_of: FileUse) -> impl Iterator<Item = Line<'_>> {
    let marked = line_starts(text, marks(text));
    let mut starts = marked.clone();
    if use_of != FileUse::Other {
        starts.extend(assignments(text));
    }
    starts.sort_unstable();
    starts.dedup();

    starts.into_iter().map(move |start| Line {
        start,
        text: text[start..].lines().next().unwrap_or(""),
        is_marked: marked.binary_search(&start).is_ok(),
    })
}

impl Line<'_> {
    fn is_secret(&self, use_of: FileUse) -> bool {
        // The expressions are slow: they are tried on marked lines only.
        (self.is_marked && is_key(self.text))
            || (use_of != FileUse::Other && is_assigned(self.text, use_of))
    }
}

/// The part that assignments play in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FileUse {
    /// Variables of the environment, committed to be used as they are.
    Environment,
    /// Code and settings.
    Code,
    /// Pages, examples, and files whose assignments mean something else.
    Other,
}

impl FileUse {
    fn of(path: &str, role: Role) -> Self {
        let name = file_name(path);
        let is_example = RED_FLAGS.secrets.examples.any_in(name);
        let is_environment = name.starts_with(".env.") || name.ends_with(".env");

        match Language::of(path) {
            _ if is_example => Self::Other,
            _ if is_environment => Self::Environment,
            Language::Toml => Self::Code,
            Language::Sql => Self::Other,
            _ if role == Role::Source => Self::Code,
            _ => Self::Other,
        }
    }
}

fn is_key(line: &str) -> bool {
    let shapes = SHAPES.as_ref();
    shapes.is_some_and(|shapes| shapes.is_match(line)) && !is_placeholder(line)
}

fn is_placeholder(text: &str) -> bool {
    RED_FLAGS.secrets.placeholders.any_in(&text.to_lowercase())
}

/// `SECRET_KEY = "…"`, with a value that no person would use as an example.
fn is_assigned(line: &str, use_of: FileUse) -> bool {
    let Some((name, value)) = line.split_once('=').filter(|(name, _)| name.len() < 80) else {
        return false;
    };
    let name = name.split(':').next().unwrap_or("").trim().to_lowercase();
    if !names_secret(&name) {
        return false;
    }

    // A committed environment file is meant to be used as it is: a short password counts there.
    literal(line, value).is_some_and(|value| {
        let is_password = use_of == FileUse::Environment && is_password(value);
        (looks_random(value) || is_password) && !is_placeholder(value)
    })
}

fn names_secret(name: &str) -> bool {
    let words = &RED_FLAGS.secrets;
    !name.is_empty()
        && is_name(name, "_. ")
        && (["cle", "key"].contains(&name) || words.names.any_in(name))
        && !words.other_names.any_in(name)
}

/// The value that a line assigns: a literal, or the whole of a variable of the environment.
fn literal<'text>(line: &str, value: &'text str) -> Option<&'text str> {
    let value = value.trim().trim_end_matches([',', ';']);

    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
        _ => {
            let is_variable = line.starts_with(|letter: char| letter.is_ascii_uppercase())
                && !line.contains(['(', ' ', '"']);
            is_variable.then_some(value)
        }
    }
}

fn is_password(value: &str) -> bool {
    value.len() >= 8
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Long, without spaces, with letters and figures mixed.
fn looks_random(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_plain =
        value.bytes().all(|byte| byte.is_ascii_graphic()) && !value.contains(['/', '\\', '(', '{']);

    (value.len() >= 16 && digits >= 3 && letters >= 6 && is_plain)
        || value.starts_with("django-insecure-")
}

/// The question names the variable, and never its value.
fn question(path: &str, line_number: usize, line: &str) -> Finding {
    let name = line.split(['=', ':']).next().unwrap_or("");
    let name = name.trim().trim_matches(['"', '\'']);
    let shown = if name.len() < 40 && is_name(name, "_-. ") {
        name
    } else {
        "un secret"
    };

    let question = format!(
        "« {shown} » (masqué) est écrit dans le dépôt : a-t-il été révoqué, et où le ranger ?"
    );
    Finding::new(FindingKind::CommittedSecret, path, line_number, question)
}
