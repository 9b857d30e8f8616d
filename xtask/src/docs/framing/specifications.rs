//! `docs/cadrage/specifications.md`, and the reading both ways: each thing of the repository answers
//! a specification, each specification is answered or said to be open.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::inventory::Inventory;
use super::{Document, declared};
use crate::files;

pub(super) const LIST: &str = "data/framing/specifications.toml";

const INTRODUCTION: &str = "<!-- Preuve: C1.2 spécifications techniques numérotées : outils, services externes, langages, disponibilité et accès -->
<!-- Preuve: C1.3 de chaque moyen d’extraction au jeu final, une spécification chacun -->
<!-- Preuve: C14.3 chaque spécification, avec sa mesure et ce qui y répond -->
# Les spécifications

Page tirée de `data/framing/specifications.toml` par `cargo xtask docs` : ne pas la modifier à la main.

Une spécification fonctionnelle (SF) dit ce que le système fait pour une personne. Une spécification technique (ST) dit comment il est fait. Chacune se mesure, et nomme ce qui y répond dans le dépôt : route d’une API, page, métrique, test de bout en bout, fichier.

`cargo xtask docs --check` lit dans les deux sens. Une route, une page, une métrique ou un test de bout en bout qu’aucune spécification ne demande est refusé. Une spécification à laquelle rien ne répond l’est aussi, sauf si elle est dite ouverte, avec ce qui manque. Un nom finit par `*` quand il en désigne plusieurs.
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirements {
    specification: Vec<Requirement>,
}

/// A specification: SF for a function of the system, ST for its making.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requirement {
    pub(super) id: String,
    pub(super) title: String,
    /// The request, and how one knows that it is there.
    says: String,
    measure: String,
    /// Criteria of the certification that it serves.
    #[serde(default)]
    criteria: Vec<String>,
    #[serde(default)]
    routes: Vec<String>,
    #[serde(default)]
    pages: Vec<String>,
    #[serde(default)]
    metrics: Vec<String>,
    #[serde(default)]
    checks: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    /// The missing part.
    pub(super) open: Option<String>,
}

/// Names that specifications cite, of one kind, beside those that the repository holds.
struct NamedKind<'a> {
    name: &'static str,
    held: &'a BTreeSet<String>,
    cited: fn(&Requirement) -> &[String],
}

impl NamedKind<'_> {
    fn all(inventory: &Inventory) -> [NamedKind<'_>; 4] {
        [
            NamedKind {
                name: "route",
                held: &inventory.routes,
                cited: |one| &one.routes,
            },
            NamedKind {
                name: "page",
                held: &inventory.pages,
                cited: |one| &one.pages,
            },
            NamedKind {
                name: "metric",
                held: &inventory.metrics,
                cited: |one| &one.metrics,
            },
            NamedKind {
                name: "end-to-end test",
                held: &inventory.checks,
                cited: |one| &one.checks,
            },
        ]
    }
}

pub(super) fn read(root: &Path) -> Result<Vec<Requirement>> {
    let Requirements { specification } = declared(root, LIST)?;
    Ok(specification)
}

/// The page, with the answer to each specification now.
pub(super) fn document(root: &Path) -> Result<Document> {
    let (requirements, inventory) = (read(root)?, Inventory::read(root)?);
    let mut text = INTRODUCTION.to_owned();

    text += &summary(&requirements);
    for (prefix, title) in [
        ("SF", "Spécifications fonctionnelles"),
        ("ST", "Spécifications techniques"),
    ] {
        let _ = writeln!(text, "\n## {title}");
        let own = requirements.iter().filter(|one| one.id.starts_with(prefix));
        for requirement in own {
            text += &requirement.section(&inventory);
        }
    }

    Ok(Document {
        path: "docs/cadrage/specifications.md".to_owned(),
        text,
    })
}

/// One sentence for each specification and each thing that has no other side.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let (requirements, inventory) = (read(root)?, Inventory::read(root)?);
    let mut faults = compared(&requirements, &inventory);

    for requirement in &requirements {
        let missing = requirement
            .files
            .iter()
            .filter(|path| !root.join(path).exists());
        let id = &requirement.id;
        faults.extend(
            missing.map(|path| format!("{id} names the file `{path}`, which is not there")),
        );
    }
    faults.extend(unknown_criteria(root, &requirements)?);
    Ok(faults
        .into_iter()
        .map(|fault| format!("`{LIST}`: {fault}"))
        .collect())
}

fn compared(requirements: &[Requirement], inventory: &Inventory) -> Vec<String> {
    let mut faults = repeated(requirements);

    for NamedKind { name, held, cited } in NamedKind::all(inventory) {
        for requirement in requirements.iter().filter(|one| one.open.is_none()) {
            let answered = |pattern: &&String| held.iter().any(|item| matches(pattern, item));
            let unanswered = cited(requirement)
                .iter()
                .filter(|pattern| !answered(pattern));
            let id = &requirement.id;
            faults.extend(unanswered.map(|pattern| {
                format!("{id} names the {name} `{pattern}`, which is not there: mend it, or say what is `open`")
            }));
        }

        let asked = |item: &&String| {
            let mut patterns = requirements.iter().flat_map(cited);
            patterns.any(|pattern| matches(pattern, item))
        };
        let unasked = held.iter().filter(|item| !asked(item));
        faults.extend(unasked.map(|item| format!("no specification asks for the {name} `{item}`")));
    }

    let unanswered = requirements
        .iter()
        .filter(|one| one.open.is_none() && one.answers(inventory).is_empty());
    faults.extend(unanswered.map(|one| {
        format!(
            "nothing answers {}: name what does, or say what is `open`",
            one.id
        )
    }));
    faults
}

fn repeated(requirements: &[Requirement]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let repeated = requirements.iter().filter(|one| !seen.insert(&one.id));
    repeated
        .map(|one| format!("{} stands twice", one.id))
        .collect()
}

/// Criteria that the certification does not have.
fn unknown_criteria(root: &Path, requirements: &[Requirement]) -> Result<Vec<String>> {
    let referential = files::read(root, "data/referential/rncp37827.toml")?;

    let unknown = requirements.iter().flat_map(|requirement| {
        let unknown = requirement
            .criteria
            .iter()
            .filter(|criterion| !referential.contains(&format!("\"{criterion}\"")));
        unknown.map(|criterion| {
            format!(
                "{} serves `{criterion}`, which is no criterion",
                requirement.id
            )
        })
    });

    Ok(unknown.collect())
}

/// True when a name is the pattern, or begins as it does before its final `*`.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

impl Requirement {
    /// The state, in a word: it is the same everywhere.
    pub(super) fn state(&self, inventory: &Inventory) -> &'static str {
        match (&self.open, self.answers(inventory).is_empty()) {
            (None, _) => "répondue",
            (Some(_), false) => "en partie",
            (Some(_), true) => "ouverte",
        }
    }

    /// The answer to the specification in the repository, as Markdown.
    fn answers(&self, inventory: &Inventory) -> Vec<String> {
        let french = ["Routes", "Pages", "Métriques", "Tests de bout en bout"];
        let mut answers = Vec::new();

        for (title, NamedKind { held, cited, .. }) in
            french.into_iter().zip(NamedKind::all(inventory))
        {
            let found = cited(self)
                .iter()
                .filter(|pattern| held.iter().any(|item| matches(pattern, item)))
                .map(|pattern| format!("`{pattern}`"));
            let found: Vec<_> = found.collect();
            if !found.is_empty() {
                answers.push(format!("{title} : {}", found.join(", ")));
            }
        }
        if !self.files.is_empty() {
            let links = self
                .files
                .iter()
                .map(|path| format!("[`{path}`](../../{path})"));
            answers.push(format!(
                "Fichiers : {}",
                links.collect::<Vec<_>>().join(", ")
            ));
        }
        answers
    }

    fn section(&self, inventory: &Inventory) -> String {
        let Self {
            id,
            title,
            says,
            measure,
            ..
        } = self;
        let mut text = format!(
            "\n### {id} : {title}\n\n{says}\n\n- Mesure : {measure}\n- État : {}\n",
            self.state(inventory)
        );

        if !self.criteria.is_empty() {
            let _ = writeln!(text, "- Critères : {}", self.criteria.join(", "));
        }
        for answer in self.answers(inventory) {
            let _ = writeln!(text, "- {answer}");
        }

        if let Some(open) = &self.open {
            let _ = writeln!(text, "- Reste à faire : {open}");
        }

        text
    }
}

fn summary(requirements: &[Requirement]) -> String {
    let count = |prefix: &str, open: bool| {
        let own = requirements.iter().filter(|one| one.id.starts_with(prefix));
        own.filter(|one| one.open.is_some() == open).count()
    };

    let row = |title: &str, prefix: &str| {
        format!(
            "| {title} | {} | {} |\n",
            count(prefix, false),
            count(prefix, true)
        )
    };
    format!(
        "\n| Spécifications | Répondues | Avec un reste à faire |\n| --- | --- | --- |\n{}{}",
        row("fonctionnelles", "SF"),
        row("techniques", "ST")
    )
}

#[cfg(test)]
mod tests;
