//! Thresholds that code holds a model to: `if f1 < MIN_F1`, `assert accuracy >= 0.85`.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::lexicon::PAGES;
use crate::text::{fold, is_name};

/// The measure that a folded text names, and the byte where its name ends.
pub(crate) fn measure(folded: &str) -> Option<(&'static str, usize)> {
    PAGES.gates.measures.iter().find_map(|measure| {
        let end = measure
            .words
            .iter()
            .find_map(|word| end_of_word(folded, word))?;
        Some((measure.name.as_str(), end))
    })
}

/// The end of the first place of a word, unless it is a part of a longer one.
fn end_of_word(text: &str, word: &str) -> Option<usize> {
    let start = text.find(word)?;
    let end = start + word.len();
    let is_letter =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphabetic());

    let is_part =
        is_letter(text[..start].chars().next_back()) || is_letter(text[end..].chars().next());
    (!is_part).then_some(end)
}

/// The thresholds of a source, as `(measure, number)`.
pub(crate) fn read(source: &str) -> Vec<(String, String)> {
    let constants: Vec<(&str, f64)> = source.lines().filter_map(constant).collect();
    // The first value of a name counts, so it is put in last.
    let by_name: HashMap<&str, f64> = constants.iter().rev().copied().collect();

    let compared = source
        .lines()
        .filter_map(|line| compared(line.trim(), &by_name));
    let named = constants
        .iter()
        .filter_map(|(name, value)| Some((named(name)?, *value)));

    let mut found: Vec<(String, String)> = compared
        .chain(named)
        .map(|(measure, value)| (measure.to_owned(), format!("{value}")))
        .collect();
    found.sort();
    // A threshold is often written twice, in its constant and in its check.
    found.dedup();
    found
}

/// The threshold of `if f1 < MIN_F1`: a measure, and a positive number or a constant that has one.
fn compared(line: &str, constants: &HashMap<&str, f64>) -> Option<(&'static str, f64)> {
    let compares = ["if ", "assert ", "elif ", "assert!("]
        .iter()
        .any(|start| line.starts_with(start));
    let at = line
        .find(['<', '>'])
        // A longer line was generated, or is data.
        .filter(|_| compares && line.len() < 200)?;
    let (measure, _) = measure(&fold(&line[..at]))?;

    let value = bound(&line[at..], constants)?;
    // Zero bounds no measure: it tells a sign.
    (value > 0.0).then_some((measure, value))
}

/// The number on the right of a comparison, itself or through a constant.
fn bound(comparison: &str, constants: &HashMap<&str, f64>) -> Option<f64> {
    let right = comparison.trim_start_matches(['<', '>', '=', ' ']);
    let end = right.find(|letter: char| !letter.is_alphanumeric() && !"_.".contains(letter));
    let bound = &right[..end.unwrap_or(right.len())];

    bound.parse().ok().or_else(|| {
        let name = bound.rsplit('.').next().unwrap_or("");
        constants.get(name).copied()
    })
}

/// The measure of a constant that is a threshold, such as `MIN_F1`.
fn named(constant: &str) -> Option<&'static str> {
    let words = fold(constant).replace('_', " ");
    let is_gate = words.split(' ').any(|word| PAGES.gates.constants.has(word));

    let (measure, _) = measure(&words).filter(|_| is_gate)?;
    Some(measure)
}

/// `MIN_F1: float = 0.8  # agreed with the sponsor`.
fn constant(line: &str) -> Option<(&str, f64)> {
    let (name, value) = line.split_once('=')?;
    let name = name.split(':').next()?.trim();
    // A whole expression is no name.
    if name.is_empty() || name.len() >= 60 || !is_name(name, "_") {
        return None;
    }

    let value = value.trim().trim_end_matches([',', ';']);
    let value = value.split('#').next().unwrap_or("").trim();
    Some((name, value.parse().ok()?))
}
