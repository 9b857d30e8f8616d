//! Pages and templates: what they show, and whether everyone can use them.

#[cfg(test)]
mod tests;

use super::fact::{Fact, FactKind};

/// Marks of accessible markup, each worth a point.
const MARKS: [&str; 14] = [
    "lang=\"",
    "<label",
    "aria-",
    "role=\"",
    "alt=\"",
    "<main",
    "<nav",
    "<caption",
    "scope=\"",
    "skip-link",
    "sr-only",
    "visually-hidden",
    "htmlfor=",
    "<fieldset",
];

/// The facts of a page, a template or a component.
pub(super) fn facts(path: &str, text: &str) -> Vec<Fact> {
    let lower = text.to_ascii_lowercase();
    let has_body = [
        "<body",
        "{% block",
        "{% extends",
        "<main",
        "<template",
        "<div",
        "<form",
    ]
    .iter()
    .any(|kind| lower.contains(kind));

    if !has_body {
        return Vec::new();
    }

    let line = |word: &str| {
        lower
            .find(word)
            .map_or(1, |at| lower[..at].matches('\n').count() + 1)
    };

    let mut facts = vec![Fact::new(
        FactKind::Interface,
        path,
        1,
        "",
        "page ou gabarit de l'application",
    )];

    if lower.contains("<form") {
        facts.push(Fact::new(
            FactKind::Form,
            path,
            line("<form"),
            "",
            "formulaire",
        ));
    }

    let marks: Vec<&str> = MARKS
        .into_iter()
        .filter(|mark| lower.contains(mark))
        .collect();
    if marks.len() >= 3 {
        let what = format!(
            "balisage accessible ({} marques, dont `{}`)",
            marks.len(),
            marks[0].trim_matches(['<', '"', '='])
        );

        facts.push(Fact::new(
            FactKind::AccessibleMarkup,
            path,
            line(marks[0]),
            "",
            what,
        ));
    }

    facts
}
