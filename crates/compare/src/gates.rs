//! Thresholds that code holds a model to: `if f1 < MIN_F1`, `assert accuracy >= 0.85`.

#[cfg(test)]
mod tests;

use super::document::fold;

/// Measures by the words that candidates use, French words under their English name.
const MEASURES: [(&str, &str); 13] = [
    ("accuracy", "accuracy"),
    ("exactitude", "accuracy"),
    ("f1", "f1"),
    ("rmse", "rmse"),
    ("mae", "mae"),
    ("auc", "auc"),
    ("r2", "r2"),
    ("precision", "precision"),
    ("recall", "recall"),
    ("rappel", "recall"),
    ("couverture", "coverage"),
    ("coverage", "coverage"),
    ("psi", "psi"),
];

/// The measure that a folded text names, if it names one.
pub(super) fn measure(folded: &str) -> Option<(&'static str, usize)> {
    MEASURES.iter().find_map(|(word, name)| {
        let at = folded.find(word)?;
        let before = folded[..at].chars().next_back();
        let after = folded[at + word.len()..].chars().next();
        let letter =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphabetic());
        (!letter(before) && !letter(after)).then_some((*name, at + word.len()))
    })
}

/// The thresholds of a source, as `(measure, number)`.
pub(super) fn read(source: &str) -> Vec<(String, String)> {
    let constants: Vec<(String, f64)> = source.lines().filter_map(constant).collect();
    let mut found = Vec::new();

    for line in source.lines().map(str::trim) {
        let compares = line.starts_with("if ")
            || line.starts_with("assert ")
            || line.starts_with("elif ")
            || line.starts_with("assert!(");
        let Some(at) = line
            .find(['<', '>'])
            .filter(|_| compares && line.len() < 200)
        else {
            continue;
        };
        let (left, right) = (
            fold(&line[..at]),
            line[at..].trim_start_matches(['<', '>', '=', ' ']),
        );
        let Some((name, _)) = measure(&left) else {
            continue;
        };
        let word: String = right
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || "_.".contains(*letter))
            .collect();
        let value = word.parse().ok().or_else(|| {
            constants
                .iter()
                .find(|(known, _)| *known == word.rsplit('.').next().unwrap_or(""))
                .map(|(_, value)| *value)
        });
        found.extend(
            value
                .filter(|value| *value > 0.0)
                .map(|value| (name.to_owned(), format!("{value}"))),
        );
    }

    for (name, value) in &constants {
        let folded = fold(name).replace('_', " ");
        let is_gate = ["min", "seuil", "threshold", "max", "gate"]
            .iter()
            .any(|word| folded.split(' ').any(|part| part == *word));
        if let Some((measure, _)) = measure(&folded).filter(|_| is_gate) {
            found.push((measure.to_owned(), format!("{value}")));
        }
    }

    found.sort();
    found.dedup();
    found
}

fn constant(line: &str) -> Option<(String, f64)> {
    let (name, value) = line.split_once('=')?;
    let name = name.split(':').next()?.trim();
    let is_name = !name.is_empty()
        && name.len() < 60
        && name
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_');

    let value = value.trim().trim_end_matches([',', ';']);
    let value = value
        .split_once('#')
        .map_or(value, |(value, _)| value.trim());

    is_name.then_some(())?;
    Some((name.to_owned(), value.parse().ok()?))
}
