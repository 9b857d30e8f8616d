//! Secrets in the repository. A finding never repeats what it found.

use std::sync::LazyLock;

use regex::RegexSet;

use super::finding;
use crate::model::{Finding, FindingKind};
use crate::tree::{Language, Role};

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

/// How every such key begins: most files have none of these, and no pattern is tried on them.
const MARKS: [&str; 17] = [
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
    "hooks.slack",
    "discord.com",
    "discordapp",
    "api/webhooks",
];
/// The first two letters of the marks, one bit for each pair.
static PAIRS: [u64; 1024] = pairs();

const fn pairs() -> [u64; 1024] {
    let (mut bits, mut index) = ([0; 1024], 0);
    while index < MARKS.len() {
        let pair = pair(MARKS[index].as_bytes()[0], MARKS[index].as_bytes()[1]);
        bits[pair / 64] |= 1 << (pair % 64);
        index += 1;
    }
    bits
}

const fn pair(first: u8, second: u8) -> usize {
    (first as usize) << 8 | second as usize
}

/// Where a text has a mark: its first two letters rule out nearly every place.
fn marked(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let is_mark = |at: usize| {
        MARKS.iter().map(|mark| mark.as_bytes()).any(|mark| {
            // Three letters decide before the whole is compared.
            let near = bytes[at..]
                .first_chunk::<3>()
                .is_some_and(|letters| mark.first_chunk() == Some(letters));
            near && bytes[at..].starts_with(mark)
        })
    };

    bytes
        .windows(2)
        .enumerate()
        .filter_map(move |(at, letters)| {
            let pair = pair(letters[0], letters[1]);
            let may = PAIRS[pair / 64] >> (pair % 64) & 1 == 1;
            (may && is_mark(at)).then_some(at)
        })
}

/// Where each line that assigns begins, unless what it assigns has too long a name.
fn assignments(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;

    std::iter::from_fn(move || {
        loop {
            let equal = at + text.get(at..)?.find('=')?;
            let start = line_start(text, equal);
            at = text[equal..]
                .find('\n')
                .map_or(text.len(), |end| equal + end + 1);
            if equal - start < 80 {
                return Some(start);
            }
        }
    })
}

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

pub(super) fn find(path: &str, role: Role, text: &str) -> Vec<Finding> {
    if role == Role::Data {
        return Vec::new();
    }

    let name = path.rsplit('/').next().unwrap_or(path);
    let is_example = name.contains("example")
        || name.contains("sample")
        || name.contains("exemple")
        || name.contains("template");
    let is_environment =
        name == ".env" || (name.starts_with(".env.") || name.ends_with(".env")) && !is_example;

    let assigns = !is_example
        && (is_environment
            || (role == Role::Source && !matches!(Language::of(path), Language::Sql))
            || matches!(Language::of(path), Language::Toml));
    let Some(shapes) = SHAPES.as_ref() else {
        return Vec::new();
    };

    // Only the lines that hold a mark or assign something are looked at.
    let mut starts: Vec<usize> = marked(text).map(|at| line_start(text, at)).collect();
    let keyed = starts.clone();
    let shaped = |start: usize, line: &str| {
        keyed.binary_search(&start).is_ok() && shapes.is_match(line) && !is_placeholder(line)
    };

    if assigns {
        starts.extend(assignments(text));
    }

    starts.sort_unstable();
    starts.dedup();

    starts
        .into_iter()
        .map(|start| (start, text[start..].lines().next().unwrap_or("")))
        .filter(|(start, line)| {
            line.len() < 4000 && (shaped(*start, line) || assigns && assigned(line, is_environment))
        })
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
            finding(FindingKind::CommittedSecret, path, index + 1, question)
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
    let Some((name, value)) = line.split_once('=').filter(|(name, _)| name.len() < 80) else {
        return false;
    };
    let value = value.trim().trim_end_matches([',', ';']);
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or(""),
        _ if line.starts_with(|letter: char| letter.is_ascii_uppercase())
            && !line.contains(['(', ' ', '"']) =>
        {
            value
        }
        _ => return false,
    };
    let name = name.split(':').next().unwrap_or("").trim().to_lowercase();
    let is_constant = !name.is_empty()
        && name.chars().all(|letter| {
            letter.is_alphanumeric() || letter == '_' || letter == '.' || letter == ' '
        });
    if !is_constant
        || !(name == "cle" || name == "key" || NAMES.iter().any(|word| name.contains(word)))
        || ["_url", "expire", "tokenizer", "tokens", "model", "header"]
            .iter()
            .any(|word| name.contains(word))
    {
        return false;
    }
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
    let plain =
        value.bytes().all(|byte| byte.is_ascii_graphic()) && !value.contains(['/', '\\', '(', '{']);
    (value.len() >= 16 && digits >= 3 && letters >= 6 && plain)
        || value.starts_with("django-insecure-")
}
