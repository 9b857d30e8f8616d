//! The matches of a pattern, and the words around them.

use std::ops::Range;

use regex::Regex;

/// Where `pattern` matches, or its group `found` when it has one.
pub(super) fn matches(pattern: &Regex, text: &str) -> Vec<Range<usize>> {
    let captures = pattern.captures_iter(text);
    let found = captures.filter_map(|captures| captures.name("found").or_else(|| captures.get(0)));
    found.map(|found| found.range()).collect()
}

/// Letters before and after a match that are looked at: a few words.
const AROUND_BYTES: usize = 48;

/// The end of the text before `place`.
pub(super) fn before(text: &str, place: usize) -> &str {
    &text[text.ceil_char_boundary(place.saturating_sub(AROUND_BYTES))..place]
}

/// The digits of a text.
pub(super) fn digits(text: &str) -> Vec<u32> {
    text.chars()
        .filter_map(|letter| letter.to_digit(10))
        .collect()
}
