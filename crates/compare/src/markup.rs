//! Pages and templates: interfaces, forms, and markup that everyone can use.

#[cfg(test)]
mod tests;

use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;

/// Least number of marks of accessible markup: one alone may come with any template.
const MARKS: usize = 3;

/// The facts of a page, a template or a component.
pub(crate) fn facts(path: &str, text: &str) -> Vec<Fact> {
    let lower = text.to_ascii_lowercase();
    if !CODE.markup.bodies.any_in(&lower) {
        return Vec::new();
    }

    let interface = Fact::of_file(
        FactKind::Interface,
        path,
        "page ou gabarit de l'application",
    );
    // Without a form, a page may be that of a report.
    let form = lower
        .find("<form")
        .map(|at| Fact::new(FactKind::Form, path, line(&lower, at), "", "formulaire"));

    [Some(interface), form, accessible(path, &lower)]
        .into_iter()
        .flatten()
        .collect()
}

fn accessible(path: &str, lower: &str) -> Option<Fact> {
    let marks: Vec<(&str, usize)> = CODE
        .markup
        .accessible
        .iter()
        .filter_map(|mark| Some((mark, lower.find(mark)?)))
        .collect();
    let (first, at) = *marks.first().filter(|_| marks.len() >= MARKS)?;

    let what = format!(
        "balisage accessible ({} marques, dont `{}`)",
        marks.len(),
        first.trim_matches(['<', '"', '='])
    );
    Some(Fact::new(
        FactKind::AccessibleMarkup,
        path,
        line(lower, at),
        "",
        what,
    ))
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
