//! Lists of names: the most frequent first names and surnames of France (INSEE, Licence Ouverte).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::text::fold;

/// One name a line, folded; an asterisk after those that are also a common word.
const FIRST_NAMES: &str = include_str!("first_names.txt");
const SURNAMES: &str = include_str!("surnames.txt");

/// People whose names are given to streets, schools and stations.
const FAMOUS: &str = include_str!("famous.txt");

/// Words that begin a sentence, end a greeting or name a thing: no name of a person, even with a
/// capital.
const SENTENCE_WORDS: &str = include_str!("sentence_words.txt");

/// How sure it is that a word is a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// It is nothing else.
    Plain,
    /// It is also a common word: `pierre`, `petit`.
    Common,
}

/// True for a first name, compound ones included.
pub(super) fn is_first_name(folded: &str) -> bool {
    first_name(folded).is_some()
}

/// A first name: `jean-pierre` is one because its parts are.
pub(super) fn first_name(folded: &str) -> Option<Listed> {
    static NAMES: LazyLock<HashMap<&str, Listed>> = LazyLock::new(|| read(FIRST_NAMES));
    let whole = NAMES.get(folded).copied();
    let is_compound =
        || folded.contains('-') && folded.split('-').all(|part| NAMES.contains_key(part));
    whole.or_else(|| is_compound().then_some(Listed::Plain))
}

/// A surname, the parts of a double one included.
pub(super) fn surname(folded: &str) -> Option<Listed> {
    static NAMES: LazyLock<HashMap<&str, Listed>> = LazyLock::new(|| read(SURNAMES));
    let whole = NAMES.get(folded).copied();
    let is_double =
        || folded.contains('-') && folded.split('-').all(|part| NAMES.contains_key(part));
    whole.or_else(|| is_double().then_some(Listed::Plain))
}

/// True for two words that are the name of somebody famous.
pub(super) fn is_famous(first: &str, last: &str) -> bool {
    static NAMES: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
        FAMOUS
            .lines()
            .filter_map(|line| line.split_once(' '))
            .collect()
    });
    NAMES.contains(&(first, last))
}

/// True for a word that is no name although it may begin with a capital.
pub(super) fn is_sentence_word(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| SENTENCE_WORDS.split_whitespace().collect());
    WORDS.contains(fold(word).as_str())
}

fn read(list: &'static str) -> HashMap<&'static str, Listed> {
    let names = list.lines().map(|line| match line.strip_suffix('*') {
        Some(name) => (name, Listed::Common),
        None => (line, Listed::Plain),
    });
    names.collect()
}
