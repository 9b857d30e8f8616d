//! The words of the field: `docs/vocabulaire.toml` lists those to avoid, and this finds them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files::{listed, read};

const LIST: &str = "docs/vocabulaire.toml";

/// Files that hold the words themselves, or other people's.
const NOT_READ: [&str; 9] = [
    LIST,
    "xtask/src/words",
    "docs/glossaire",
    "docs/preuves",
    "data/real",
    "data/faults",
    "data/fixtures",
    "crates/compare/tests/submissions",
    "crates/dossier/tests/submissions",
];

/// Ends of the names of the files that are read.
const READ: [&str; 14] = [
    "css", "ftl", "html", "js", "json", "md", "py", "rs", "sh", "snap", "sql", "toml", "yaml",
    "yml",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    avoid: Vec<Avoid>,
    single: Single,
}

/// Words to avoid in one sense.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Avoid {
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    say: String,
    #[serde(rename = "sense")]
    _sense: String,
    #[serde(default)]
    within: Vec<String>,
    #[serde(default)]
    except: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    path: String,
    #[serde(rename = "why")]
    _why: String,
}

/// Names of types that the workspace defines once at most.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Single {
    names: Vec<String>,
}

/// A line, cut in the ways in which words are looked for.
struct Line<'text> {
    /// Identifiers and words, as they are written.
    names: Vec<&'text str>,
    /// Their parts, in lower case: `TotalLaw` and `total_law` are two words.
    words: Vec<String>,
    /// The line in lower case, with plain apostrophes and spaces.
    plain: String,
}

/// One sentence for each word of the list that a file of the repository uses.
pub(crate) fn avoided(root: &Path) -> Result<Vec<String>> {
    let text = read(root, LIST)?;
    let vocabulary: Vocabulary = toml::from_str(&text).with_context(|| format!("in `{LIST}`"))?;
    let mut search = Search::new(&vocabulary);

    for path in files(root)? {
        // A file that is not text holds no word.
        if let Ok(text) = read(root, &path) {
            search.read(&path, &text);
        }
    }

    Ok(search.sentences())
}

/// A search under way through the files of the repository.
struct Search<'list> {
    vocabulary: &'list Vocabulary,
    found: Vec<String>,
    /// Places of the definitions of each name that should have one.
    types: BTreeMap<String, Vec<String>>,
}

impl<'list> Search<'list> {
    fn new(vocabulary: &'list Vocabulary) -> Self {
        Self {
            vocabulary,
            found: Vec::new(),
            types: BTreeMap::new(),
        }
    }

    fn read(&mut self, path: &str, text: &str) {
        let avoided = self
            .vocabulary
            .avoid
            .iter()
            .filter(|avoid| avoid.covers(path));
        let avoided: Vec<_> = avoided.collect();
        self.found
            .extend(avoided.iter().filter_map(|avoid| avoid.file(path)));

        for (index, line) in text.lines().enumerate() {
            let (line, place) = (Line::read(line), format!("{path}:{}", index + 1));
            let words = avoided
                .iter()
                .filter_map(|avoid| Some((avoid.find(&line)?, avoid)));
            let told = words.map(|(word, avoid)| format!("{place}: `{word}`: say {}", avoid.say));
            self.found.extend(told);

            if !is_test(path) {
                self.note_type(&line, place);
            }
        }
    }

    /// Notes the place of a definition, when its name should have one only.
    fn note_type(&mut self, line: &Line<'_>, place: String) {
        let single = &self.vocabulary.single.names;
        let name = defined(line).filter(|name| single.iter().any(|single| single == name));
        if let Some(name) = name {
            self.types.entry(name.to_owned()).or_default().push(place);
        }
    }

    fn sentences(self) -> Vec<String> {
        let repeated = self
            .types
            .into_iter()
            .filter(|(_, places)| places.len() > 1);
        let told = repeated.map(|(name, places)| {
            format!(
                "`{name}` names {} types: {}",
                places.len(),
                places.join(", ")
            )
        });
        self.found.into_iter().chain(told).collect()
    }
}

impl Avoid {
    fn covers(&self, path: &str) -> bool {
        let is_within =
            self.within.is_empty() || self.within.iter().any(|folder| is_below(path, folder));
        is_within
            && !self
                .except
                .iter()
                .any(|exception| is_below(path, &exception.path))
    }

    fn file(&self, path: &str) -> Option<String> {
        let stem = Path::new(path).file_stem()?.to_str()?;
        let is_named = self.files.iter().any(|file| file == stem);
        is_named.then(|| format!("{path}: `{stem}` names a file: say {}", self.say))
    }

    /// The first word of the line that is to be avoided.
    fn find(&self, line: &Line<'_>) -> Option<&str> {
        let words = self
            .words
            .iter()
            .filter(|word| holds_words(&line.words, word));
        let names = self
            .names
            .iter()
            .filter(|name| line.names.contains(&name.as_str()));
        let phrases = self
            .phrases
            .iter()
            .filter(|phrase| holds_phrase(&line.plain, phrase));

        words.chain(names).chain(phrases).map(String::as_str).next()
    }
}

impl<'text> Line<'text> {
    fn read(text: &'text str) -> Self {
        // In the prose of a comment, "Use" and "Call" are verbs: only `Use` and `Call` are names.
        let at = text
            .match_indices("//")
            .find(|(at, _)| !text[..*at].ends_with(':'));
        let (code, comment) = text.split_at(at.map_or(text.len(), |(at, _)| at));
        let quoted = comment.split('`').skip(1).step_by(2);

        Self {
            names: std::iter::once(code)
                .chain(quoted)
                .flat_map(identifiers)
                .collect(),
            words: identifiers(text).flat_map(parts).collect(),
            plain: text
                .to_lowercase()
                .replace('’', "'")
                .replace(['\u{a0}', '\u{202f}'], " "),
        }
    }
}

fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|name| !name.is_empty())
}

/// `TotalLaw` and `total_law` are `total`, then `law`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = '_';

    for character in name.chars() {
        // `HTTPServer` stays one part: no word of the list is written so.
        let begins = character == '_' || (character.is_uppercase() && before.is_lowercase());
        if begins {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| character != '_') {
            part.extend(character.to_lowercase());
        }
        before = character;
    }

    parts.retain(|part| !part.is_empty());
    parts
}

/// True when the words stand one after the other, in singular or plural; `*` ends the beginning of
/// one.
fn holds_words(line: &[String], words: &str) -> bool {
    let words: Vec<_> = words.split(' ').collect();
    let is_same = |held: &String, word: &str| match word.strip_suffix('*') {
        Some(beginning) => held.starts_with(beginning),
        None => held == word || held.strip_suffix('s') == Some(word),
    };
    line.windows(words.len()).any(|held| {
        held.iter()
            .zip(&words)
            .all(|(held, word)| is_same(held, word))
    })
}

/// True when the phrase stands alone, in singular or plural: neither in a word, nor in a file's name.
fn holds_phrase(line: &str, phrase: &str) -> bool {
    line.match_indices(phrase).any(|(at, _)| {
        let after = &line[at + phrase.len()..];
        // The French plural.
        let after = after.strip_prefix(['s', 'x']).unwrap_or(after);
        let is_part = |letter: char| letter.is_alphabetic() || matches!(letter, '-' | '_');
        !line[..at].ends_with(is_part) && !after.starts_with(is_part)
    })
}

/// The name of the type that a line defines.
fn defined<'text>(line: &Line<'text>) -> Option<&'text str> {
    let is_type = |word: &&str| matches!(*word, "struct" | "enum" | "trait" | "type");
    // `pub`, `crate`: nothing else may stand before the kind of a type.
    let at = line.names.iter().take(3).position(is_type)?;
    let before = &line.names[..at];
    let is_definition = before
        .iter()
        .all(|word| matches!(*word, "pub" | "crate" | "super"));
    is_definition.then(|| line.names.get(at + 1).copied())?
}

/// Helpers of tests name things for one screen.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(['/', '.']) || folder.ends_with('/')
    })
}

/// The files that git tracks, or would, and that hold our words.
fn files(root: &Path) -> Result<Vec<String>> {
    let is_read = |path: &String| {
        let extension = path.rsplit('.').next().unwrap_or_default();
        READ.contains(&extension) && !NOT_READ.iter().any(|place| path.starts_with(place))
    };

    Ok(listed(root, &[])?.into_iter().filter(is_read).collect())
}

#[cfg(test)]
mod tests;
