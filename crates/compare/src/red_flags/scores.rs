//! Scores too near perfection.

use std::sync::LazyLock;

use regex::Regex;

use super::finding;
use crate::document::fold;
use crate::model::{Finding, FindingKind};
use crate::tree::{Language, Role};

static SCORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let measure = r#"\b(accuracy|exactitude|precision|recall|rappel|f1([ _-]?score)?|r2([ _-]score)?|r²|auc([ _-]roc)?|roc[ _-]auc)\b"#;
    let score = r"(0[.,]99\d*|1[.,]0+|99[.,]\d+ ?%|99 ?%|100([.,]0+)? ?%)";
    Regex::new(&format!(
        r#"{measure}["`*|_ ]*( (de|du|of|is|est|a|atteint|sur)\b[^0-9\n]{{0,24}}|[^0-9\n]{{0,14}}){score}(\D|$)"#
    ))
    .ok()
});

/// Words of a line that states no result.
const NOT_A_RESULT: [&str; 27] = [
    "seuil",
    "objectif",
    "cible",
    "target",
    "suspect",
    "trop",
    "exemple",
    "if ",
    "si ",
    "threshold",
    "au moins",
    ">=",
    "> ",
    "train_",
    "fuite",
    "overfit",
    "surapprent",
    "train set",
    "train:",
    "jeu d'entrainement",
    "sur le train",
    "apprentissage |",
    "min_",
    "au-dela",
    "could",
    "serait",
    "assert",
];

pub(super) fn find(path: &str, role: Role, text: &str) -> Option<Finding> {
    let is_metrics = Language::of(path) == Language::Json
        && ["metric", "score", "result", "eval", "report"]
            .iter()
            .any(|word| path.to_lowercase().contains(word));
    if role != Role::Document && !is_metrics && Language::of(path) != Language::Notebook {
        return None;
    }

    let pattern = SCORE.as_ref()?;
    let has_digits = |line: &str| {
        line.contains("99") || line.contains("100") || line.contains("1.0") || line.contains("1,0")
    };
    if !has_digits(text) {
        return None;
    }

    let line = text.lines().position(|line| {
        if !has_digits(line) {
            return false;
        }
        let folded = fold(line);
        line.len() < 2000
            && has_digits(line)
            && pattern.is_match(&folded)
            && !NOT_A_RESULT.iter().any(|word| folded.contains(word))
    })?;

    let question = "Ce score frôle la perfection : sur quelles données a-t-il été mesuré, et qu'a-t-il fallu écarter pour exclure une fuite ?";
    Some(finding(FindingKind::ScoreTooGood, path, line + 1, question))
}
