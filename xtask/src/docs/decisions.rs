//! `docs/decisions/README.md`: the decisions in the order of their numbers, with their dates and
//! their statuses, each read in the head of its own file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::Document;

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
    let mut sentences = Vec::new();

    for (name, decision) in &decisions {
        if decision.words > PAGE_WORDS {
            sentences.push(format!(
                "`{FOLDER}/{name}` has {} words: keep {PAGE_WORDS}, and the others below « Pour aller plus loin »",
                decision.words
            ));
        }

        for (relation, other) in &decision.relations {
            let back = opposite(relation);
            let told = numbered.get(other.as_str()).is_some_and(|decision| {
                decision
                    .relations
                    .iter()
                    .any(|(relation, other)| *relation == back && other == number(name))
            });
            if !told {
                sentences.push(format!(
                    "`{FOLDER}/{name}` says « {relation} {other} »: decision {other} must say « {back} {} »",
                    number(name)
                ));
            }
        }
    }

    Ok(sentences)
}

fn read(root: &Path) -> Result<Vec<(String, Decision)>> {
    let folder = root.join(FOLDER);
    super::markdown_files(&folder)?
        .into_iter()
        .filter(|name| name.starts_with(|first: char| first.is_ascii_digit()))
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(&name))
                .with_context(|| format!("cannot read `{name}`"))?;
            let decision = decision(&text).with_context(|| format!("in `{FOLDER}/{name}`"))?;
            Ok((name, decision))
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
