//! Scores too near perfection.

use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::RED_FLAGS;
use crate::model::{Finding, FindingKind};
use crate::text::fold;
use crate::tree::{Language, Role};

/// Longest line that a person writes a result on, in bytes.
const LINE_LIMIT: usize = 2000;

/// A measure, a few words, and 0.99 or more.
static SCORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let measure = r#"\b(accuracy|exactitude|precision|recall|rappel|f1([ _-]?score)?|r2([ _-]score)?|r²|auc([ _-]roc)?|roc[ _-]auc)\b"#;
    let score = r"(0[.,]99\d*|1[.,]0+|99[.,]\d+ ?%|99 ?%|100([.,]0+)? ?%)";
    Regex::new(&format!(
        r#"{measure}["`*|_ ]*( (de|du|of|is|est|a|atteint|sur)\b[^0-9\n]{{0,24}}|[^0-9\n]{{0,14}}){score}(\D|$)"#
    ))
    .ok()
});

pub(super) fn find(path: &str, role: Role, text: &str) -> Option<Finding> {
    if !states_results(path, role) || !has_digits(text) {
        return None;
    }

    let pattern = SCORE.as_ref()?;
    let line = text.lines().position(|line| {
        has_digits(line) && line.len() < LINE_LIMIT && is_result(&fold(line), pattern)
    })?;
    let question = "Ce score frôle la perfection : sur quelles données a-t-il été mesuré, et qu'a-t-il fallu écarter pour exclure une fuite ?";
    Some(Finding::new(
        FindingKind::ScoreTooGood,
        path,
        line + 1,
        question,
    ))
}

/// Pages, notebooks, and files of results.
fn states_results(path: &str, role: Role) -> bool {
    match Language::of(path) {
        Language::Notebook => true,
        Language::Json if RED_FLAGS.scores.files.any_in(&path.to_lowercase()) => true,
        _ => role == Role::Document,
    }
}

/// True when a text has the figures of such a score: few have, and no expression is tried on the
/// others.
fn has_digits(text: &str) -> bool {
    ["99", "100", "1.0", "1,0"]
        .iter()
        .any(|digits| text.contains(digits))
}

fn is_result(folded: &str, pattern: &Regex) -> bool {
    pattern.is_match(folded) && !RED_FLAGS.scores.not_a_result.any_in(folded)
}
