//! `docs/glossaire.md`, from `docs/glossaire.toml`, and the documents that use its terms without
//! leading to it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use pulldown_cmark::{Event, Tag, TagEnd};
use serde::Deserialize;

use super::Document;
use super::sources::{Source, parser};
use crate::files;

const LIST: &str = "docs/glossaire.toml";
const PAGE: &str = "docs/glossaire.md";

const INTRODUCTION: &str = "# Glossaire

Page tirée de `docs/glossaire.toml` par `cargo xtask regenerate` : ne pas la modifier à la main. Chaque terme du métier employé dans le projet, en français et en anglais, avec une phrase simple et sa place dans le dépôt.
";

/// Documents that a program writes: their words are those of the code.
const WRITTEN: [&str; 5] = [
    "Page écrite par",
    "Page tirée d",
    "Page et dessins tirés",
    "Cette page est écrite",
    "Page engendrée",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Glossary {
    part: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    title: String,
    terms: Vec<Term>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    fr: String,
    en: String,
    says: String,
    place: String,
    #[serde(default)]
    also: Vec<String>,
}

/// The page, once every place is known to exist.
pub(crate) fn document(root: &Path) -> Result<Document> {
    let glossary = read(root)?;
    let mut text = INTRODUCTION.to_owned();

    for Part { title, terms } in &glossary.part {
        let _ = write!(
            text,
            "\n## {title}\n\n| Terme | En anglais | Ce que c’est | Où |\n| --- | --- | --- | --- |\n"
        );
        for Term {
            fr,
            en,
            says,
            place,
            ..
        } in terms
        {
            ensure!(
                root.join(place).exists(),
                "`{LIST}`: « {fr} » stands in `{place}`, which does not exist"
            );
            let _ = writeln!(text, "| {fr} | {en} | {says} | [`{place}`](../{place}) |");
        }
    }

    Ok(Document {
        path: PAGE.to_owned(),
        text,
    })
}

/// One sentence for each French document that uses a term and never leads to the glossary.
pub(crate) fn unlinked(root: &Path, sources: &[Source]) -> Result<Vec<String>> {
    let glossary = read(root)?;
    let terms: Vec<_> = glossary
        .part
        .iter()
        .flat_map(|part| &part.terms)
        .flat_map(|term| std::iter::once(&term.fr).chain(&term.also))
        .map(|term| plain(term))
        .collect();

    let told = |source: &Source| {
        let term = term_without_link(&source.text, &terms)?;
        let path = source.path.display();
        Some(format!(
            "`{path}`: « {term} » is in the glossary: link its first use to `{PAGE}`"
        ))
    };
    Ok(sources
        .iter()
        .filter(|source| is_french(source))
        .filter_map(told)
        .collect())
}

fn read(root: &Path) -> Result<Glossary> {
    toml::from_str(&files::read(root, LIST)?).with_context(|| format!("in `{LIST}`"))
}

/// READMEs of crates are English, and so are programs' words.
fn is_french(source: &Source) -> bool {
    let path = source.path.to_string_lossy();
    let is_ours =
        path.starts_with("docs/") || matches!(path.as_ref(), "README.md" | "CONTRIBUTING.md");
    is_ours && path != PAGE && !WRITTEN.iter().any(|words| source.text.contains(words))
}

/// The first term of the prose, where no link leads to the glossary.
fn term_without_link<'terms>(text: &str, terms: &'terms [String]) -> Option<&'terms str> {
    let (mut prose, mut in_code) = (String::new(), false);

    for event in parser(text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.contains("glossaire.md") => {
                return None;
            }
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if !in_code => {
                prose += &text;
                prose.push(' ');
            }
            // `code` is no prose: it may bear any name.
            _ => {}
        }
    }

    let prose = plain(&prose);
    terms
        .iter()
        .map(String::as_str)
        .find(|term| holds(&prose, term))
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('’', "'").replace('\u{a0}', " ")
}

fn holds(prose: &str, term: &str) -> bool {
    prose.match_indices(term).any(|(at, _)| {
        let after = prose[at + term.len()..].trim_start_matches('s');
        !prose[..at].ends_with(char::is_alphabetic) && !after.starts_with(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_uses_a_term_leads_to_the_glossary() {
        let terms = [
            "surapprentissage".to_owned(),
            "jeu d'entraînement".to_owned(),
        ];
        let term = |text| term_without_link(text, &terms);

        assert_eq!(
            term("# A\n\nUn jeu d’entraînement."),
            Some("jeu d'entraînement")
        );
        assert_eq!(term("# A\n\nLe [surapprentissage](../glossaire.md)."), None);
        assert_eq!(term("# A\n\n`surapprentissage`\n"), None);
    }
}
