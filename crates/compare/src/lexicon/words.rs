//! A list of words, as the files of `data/` hold them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Words, in the order of their file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// True when `word` is one of them.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.iter().any(|known| known == word)
    }

    /// True when one of them stands somewhere in `text`.
    pub(crate) fn any_in(&self, text: &str) -> bool {
        self.iter().any(|word| text.contains(word))
    }

    /// True when one of them is a word of `text`. One of four letters is a whole word, but for its
    /// plural: `ask` is no part of `tasks`. One of five begins a word, a longer one stands anywhere.
    pub(crate) fn any_word_in(&self, text: &str) -> bool {
        self.iter().any(|word| {
            let mut places = text.match_indices(word);
            places.any(|(at, _)| is_word(word, &text[..at], &text[at + word.len()..]))
        })
    }

    /// True when `text` begins with one of them.
    pub(crate) fn any_starts(&self, text: &str) -> bool {
        self.iter().any(|word| text.starts_with(word))
    }

    /// True when `text` ends with one of them.
    pub(crate) fn any_ends(&self, text: &str) -> bool {
        self.iter().any(|word| text.ends_with(word))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

fn is_word(word: &str, before: &str, after: &str) -> bool {
    let letters = word
        .trim_matches(|letter: char| !letter.is_alphanumeric())
        .len();
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphabetic);

    let begins = !word.starts_with(char::is_alphanumeric) || !is_letter(before.chars().next_back());
    let rest = after.strip_prefix('s').unwrap_or(after);
    let ends = !is_letter(after.chars().next()) || !is_letter(rest.chars().next());
    letters >= 6 || (begins && (letters == 5 || ends))
}

/// Reads a file of `data/` that the binary carries.
///
/// # Panics
/// When the file is wrong, with its line: a test reads them all, so that no such binary is built.
pub(crate) fn parse<T: DeserializeOwned>(name: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("data/{name}: {error}"))
}
