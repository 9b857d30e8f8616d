//! `docs/decisions/README.md`: the decisions in the order of their numbers, with their dates and
//! their statuses, each read in the head of its own file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::Document;
use crate::files;

const FOLDER: &str = "docs/decisions";

const INTRODUCTION: &str = "# Décisions

Page écrite par `cargo xtask regenerate`. Chaque décision dit son contexte, les options et ce qui en a été mesuré, ce qui a été choisi et ce que cela entraîne.

| Numéro | Décision | Date | Statut |
| --- | --- | --- | --- |
";

/// Words of a page, which anybody may read: the rest of a longer decision stands below [`SECOND_LEVEL`].
const PAGE_WORDS: usize = 500;
const SECOND_LEVEL: &str = "\n## Pour aller plus loin\n";

/// Links between two decisions: each one asks the other file for the one beside it.
const RELATIONS: [(&str, &str); 4] = [
    ("Remplace", "Remplacée par"),
    ("Remplacée par", "Remplace"),
    ("Complète", "Complétée par"),
    ("Complétée par", "Complète"),
];

/// A decision, as its head says it.
#[derive(Debug, PartialEq, Eq)]
struct Decision {
    title: String,
    date: String,
    status: String,
    /// Name of the relation, number of the other decision.
    relations: Vec<(&'static str, String)>,
    /// Words above the second level.
    words: usize,
}

/// The list, as the decisions give it.
pub(crate) fn document(root: &Path) -> Result<Document> {
    let decisions = read(root)?;
    let mut text = INTRODUCTION.to_owned();

    for (name, decision) in &decisions {
        let Decision {
            title,
            date,
            status,
            ..
        } = decision;
        let number = number(name);
        text += &format!("| {number} | [{title}]({name}) | {date} | {status} |\n");
    }

    Ok(Document {
        path: format!("{FOLDER}/README.md"),
        text,
    })
}

/// One sentence for each relation that only one of two decisions tells, and for each decision whose
/// first level is longer than a page.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let decisions = read(root)?;
    let numbered: BTreeMap<_, _> = decisions
        .iter()
        .map(|(name, decision)| (number(name), decision))
        .collect();
    let of_one = |(name, decision): &(String, Decision)| {
        let relations = one_sided(name, decision, &numbered);
        too_long(name, decision).into_iter().chain(relations)
    };

    Ok(decisions.iter().flat_map(of_one).collect())
}

fn too_long(name: &str, decision: &Decision) -> Option<String> {
    let words = decision.words;
    (words > PAGE_WORDS).then(|| {
        format!(
            "`{FOLDER}/{name}` has {words} words: keep {PAGE_WORDS}, and the others below « Pour aller plus loin »"
        )
    })
}

/// Relations that the decision says and the other one does not.
fn one_sided(name: &str, decision: &Decision, all: &BTreeMap<&str, &Decision>) -> Vec<String> {
    let told = |(relation, other): &(&'static str, String)| {
        let (back, number) = (opposite(relation), number(name));
        let is_told = all
            .get(other.as_str())
            .is_some_and(|other| other.relations.contains(&(back, number.to_owned())));
        (!is_told).then(|| {
            format!(
                "`{FOLDER}/{name}` says « {relation} {other} »: decision {other} must say « {back} {number} »"
            )
        })
    };

    decision.relations.iter().filter_map(told).collect()
}

fn read(root: &Path) -> Result<Vec<(String, Decision)>> {
    files::markdown_files(&root.join(FOLDER))?
        .into_iter()
        .filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))
        .map(|name| {
            let path = format!("{FOLDER}/{name}");
            let decision = decision(&files::read(root, &path)?);
            Ok((name, decision.with_context(|| format!("in `{path}`"))?))
        })
        .collect()
}

/// Reads the title and the list right below it.
fn decision(text: &str) -> Result<Decision> {
    // Proofs may be declared above the title.
    let mut lines = text.lines().skip_while(|line| !line.starts_with("# "));
    let title = lines.next().context("there is no title")?;
    let head = lines
        .skip_while(|line| line.is_empty())
        .map_while(|line| line.strip_prefix("- "))
        .filter_map(|item| item.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()));

    let (mut date, mut status, mut relations) = (None, None, Vec::new());
    for (name, value) in head {
        match name {
            "Date" => date = Some(value),
            "Statut" => status = Some(value),
            _ => relations.push(relation(name, value)?),
        }
    }

    let date = date.context("its head has no `- Date : `")?;
    ensure!(is_date(date), "`{date}` is not a date such as 2026-11-29");
    let status = status.context("its head has no `- Statut : `")?;
    // A status that a relation contradicts would mislead who reads the list only.
    let replacement = relations.iter().find(|(name, _)| *name == "Remplacée par");
    let expected = match replacement {
        Some((_, other)) => vec![format!("remplacée par {other}")],
        None => vec!["proposée".to_owned(), "acceptée".to_owned()],
    };
    ensure!(
        expected.iter().any(|expected| expected == status),
        "the status is `{status}`, not `{}`",
        expected.join("` or `")
    );

    Ok(Decision {
        title: title.trim_start_matches("# ").to_owned(),
        date: date.to_owned(),
        status: status.to_owned(),
        relations,
        words: text
            .split(SECOND_LEVEL)
            .next()
            .unwrap_or(text)
            .split_whitespace()
            .count(),
    })
}

/// `Complète : [0070](0070-total-de-la-ville.md)`.
fn relation(name: &str, value: &str) -> Result<(&'static str, String)> {
    let Some((known, _)) = RELATIONS.iter().find(|(known, _)| *known == name) else {
        bail!("its head says `{name}`, which is neither a date, a status nor a relation");
    };
    let number = value
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let (number, _) = number.with_context(|| format!("`{name}` links to no decision"))?;
    Ok((known, number.to_owned()))
}

fn opposite(relation: &str) -> &'static str {
    RELATIONS
        .iter()
        .find(|(name, _)| *name == relation)
        .map_or("", |(_, back)| back)
}

fn number(name: &str) -> &str {
    name.split('-').next().unwrap_or(name)
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests;
