//! Passages of a page: sentences, key words, promises.

use crate::lexicon::PAGES;

/// Least number of words of a passage that describes something.
const WORDS: usize = 20;

/// True when a passage says something concrete: sentences, a table, a list or code, not a string of
/// key words.
pub(crate) fn is_concrete(passage: &str) -> bool {
    let words = passage.split_whitespace().count();
    if words < WORDS {
        return false;
    }

    // Header, rule and one row make a table; two marks make a block of code.
    let has_table = lines_that_start(passage, "|") >= 3;
    let has_code = lines_that_start(passage, "```") >= 2;
    has_table || has_code || (has_sentences(passage, words) && !is_key_words(passage))
}

fn lines_that_start(passage: &str, mark: &str) -> usize {
    let lines = passage.lines();
    lines
        .filter(|line| line.trim_start().starts_with(mark))
        .count()
}

/// Words that ends part more than commas do: a list of key words has a comma for every two or
/// three words.
fn has_sentences(passage: &str, words: usize) -> bool {
    let commas = passage.matches([',', ';', '·']).count();
    let ends = passage.matches(['.', ':', '!', '?', '\n']).count();
    commas * 4 < words && ends > 0
}

/// Short items one after the other, none of which is a sentence.
fn is_key_words(passage: &str) -> bool {
    let lengths: Vec<usize> = passage
        .lines()
        .map(|line| line.split_whitespace().count())
        .filter(|words| *words > 0)
        .collect();
    let links: usize = PAGES
        .prose
        .links
        .iter()
        .map(|word| passage.matches(word).count())
        .sum();

    lengths.len() >= 4
        && lengths.iter().all(|words| *words < 6)
        && links * 12 < lengths.iter().sum::<usize>()
}

/// True when a passage speaks of work still to be done.
pub(crate) fn is_promise(passage: &str) -> bool {
    PAGES.prose.promises.any_in(passage)
}
