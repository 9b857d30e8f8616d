//! Secrets in the repository. A finding never repeats what it found.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use regex::RegexSet;

use super::finding;
use crate::compare::model::{Code, FalseEvidence};
use crate::compare::tree::{Language, Role};

/// Greatest number of findings in one file.
const KEPT: usize = 5;

/// Keys that have a shape of their own.
static SHAPES: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?-u:\b)AKIA[0-9A-Z]{16}(?-u:\b)",
        r"(?-u:\b)sk-(proj-|ant-)?[A-Za-z0-9_-]{24,}",
        r"(?-u:\b)gh[pousr]_[A-Za-z0-9]{30,}",
        r"(?-u:\b)github_pat_[A-Za-z0-9_]{30,}",
        r"(?-u:\b)hf_[A-Za-z0-9]{30,}",
        r"(?-u:\b)AIza[0-9A-Za-z_-]{35}",
        r"(?-u:\b)xox[baprs]-[0-9A-Za-z-]{20,}",
        r"(?-u:\b)glpat-[0-9A-Za-z_-]{20,}",
        r"(?m)^-----BEGIN (RSA |EC |OPENSSH )?PRIVATE KEY-----",
        r"hooks\.slack\.com/services/T[0-9A-Z]{6,}/B[0-9A-Z]{6,}/[0-9A-Za-z]{16,}",
        r"discord(app)?\.com/api/webhooks/\d{15,}/[0-9A-Za-z_-]{40,}",
    ])
    .ok()
});

/// What every such key holds: most files have none of these, and no pattern is tried on them.
static MARKS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    const MARKS: [&str; 14] = [
        "AKIA",
        "sk-",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "hf_",
        "AIza",
        "xox",
        "glpat-",
        "PRIVATE KEY-",
        "hooks",
    ];
    automaton().build(MARKS).ok()
});

const NAMES: [&str; 14] = [
    "secret",
    "password",
    "passwd",
    "mot_de_passe",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "token",
    "jeton",
    "cle_",
    "_key",
    "pwd",
    "motdepasse",
];
static NAMED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let names = NAMES.iter().chain(&["cle", "key"]);
    automaton().ascii_case_insensitive(true).build(names).ok()
});

/// Few short patterns over every text of the tree: a whole automaton is small, and twice as fast.
fn automaton() -> AhoCorasickBuilder {
    let mut builder = AhoCorasick::builder();
    builder.kind(Some(AhoCorasickKind::DFA));
    builder
}

const PLACEHOLDERS: [&str; 34] = [
    "change",
    "your",
    "votre",
    "example",
    "exemple",
    "xxx",
    "placeholder",
    "<",
    "${",
    "{{",
    "getenv",
    "environ",
    "dummy",
    "fake",
    "todo",
    "replace",
    "remplac",
    "test",
    "sample",
    "secret_here",
    "insert",
    "default",
    "localhost",
    "...",
    "…",
    "***",
    "demo",
    "a-changer",
    "a_changer",
    "mettre",
    "config",
    "settings",
    "os.",
    "env(",
];

pub(super) fn find(path: &str, role: Role, text: &str) -> Vec<FalseEvidence> {
    if role == Role::Data {
        return Vec::new();
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_example =
        name.contains("example") || name.contains("sample") || name.contains("exemple") || name.contains("template");
    let is_environment = name == ".env" || (name.starts_with(".env.") || name.ends_with(".env")) && !is_example;
    let assigns = !is_example
        && (is_environment
            || (role == Role::Source && !matches!(Language::of(path), Language::Sql))
            || matches!(Language::of(path), Language::Toml));
    let (Some(shapes), Some(names), Some(marks)) = (SHAPES.as_ref(), NAMED.as_ref(), MARKS.as_ref()) else {
        return Vec::new();
    };
    let shaped = |line: &str| marks.is_match(line) && shapes.is_match(line) && !is_placeholder(line);
    // Only the lines that hold a mark or a name are looked at.
    let named = assigns.then(|| names.find_iter(text)).into_iter().flatten();
    let mut starts: Vec<usize> =
        marks.find_iter(text).chain(named).map(|found| line_start(text, found.start())).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
        .into_iter()
        .map(|start| (start, text[start..].lines().next().unwrap_or("")))
        .filter(|(_, line)| line.len() < 4000 && (shaped(line) || assigns && assigned(line, is_environment)))
        .filter(|(start, _)| !is_in_docstring(&text[..*start]))
        .map(|(start, line)| (text[..start].bytes().filter(|byte| *byte == b'\n').count(), line))
        .take(KEPT)
        .map(|(index, line)| {
            let named = line.split(['=', ':']).next().unwrap_or("").trim().trim_matches(['"', '\'']);
            let named = if named.len() < 40
                && named.chars().all(|letter| letter.is_alphanumeric() || "_-. ".contains(letter))
            {
                named
            } else {
                "un secret"
            };
            let question =
                format!("« {named} » (masqué) est écrit dans le dépôt : a-t-il été révoqué, et où le ranger ?");
            finding(Code::CommittedSecret, path, index + 1, question)
        })
        .collect()
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn is_in_docstring(before: &str) -> bool {
    (before.matches("\"\"\"").count() + before.matches("'''").count()) % 2 == 1
}

fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    PLACEHOLDERS.iter().any(|word| text.contains(word))
}

/// `SECRET_KEY = "…"`, with a value that no person would use as an example.
fn assigned(line: &str, is_environment: bool) -> bool {
    let Some((name, value)) = line.split_once('=').filter(|(name, _)| name.len() < 80) else { return false };
    let name = name.split(':').next().unwrap_or("").trim().to_lowercase();
    let is_constant = !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.' || letter == ' ');
    if !is_constant
        || !(name == "cle" || name == "key" || NAMES.iter().any(|word| name.contains(word)))
        || ["_url", "expire", "tokenizer", "tokens", "model", "header"].iter().any(|word| name.contains(word))
    {
        return false;
    }
    let value = value.trim().trim_end_matches([',', ';']);
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or(""),
        _ if line.starts_with(|letter: char| letter.is_ascii_uppercase()) && !line.contains(['(', ' ', '"']) => value,
        _ => return false,
    };
    // A committed environment file is meant to be used as it is: a short password counts there.
    let short = is_environment
        && value.len() >= 8
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic());
    (looks_random(value) || short) && !is_placeholder(value)
}

/// Long, without spaces, with letters and figures mixed.
fn looks_random(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic()) && !value.contains(['/', '\\', '(', '{']);
    (value.len() >= 16 && digits >= 3 && letters >= 6 && plain) || value.starts_with("django-insecure-")
}
