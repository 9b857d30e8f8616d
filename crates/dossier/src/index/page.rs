//! The pages of proofs: one an épreuve, and their table, in the order of the oral.

use std::fmt::Write;

use super::Index;
use super::exists::slug;
use crate::referential::{Competency, Criterion, Epreuve, Referential};
use filrouge_compare::proof::{CodeRef, Proof, Subject};

/// The folder of the pages, from the root of the repository.
pub const FOLDER: &str = "docs/preuves";

const GENERATED: &str = "Page engendrée par `cargo dossier index` depuis les commentaires `Preuve:` du dépôt : \
                         ne pas la modifier à la main.";

/// A page as it should be.
#[derive(Debug, PartialEq, Eq)]
pub struct ProofPage {
    /// Path from the root of the repository.
    pub path: String,
    /// Its whole text, in French Markdown.
    pub text: String,
}

/// The table of the épreuves, then the page of each.
pub fn render(index: &Index, referential: &Referential) -> Vec<ProofPage> {
    let table = ProofPage {
        path: format!("{FOLDER}/README.md"),
        text: table(index, referential),
    };
    let of_epreuve = |epreuve: &Epreuve| ProofPage {
        path: format!("{FOLDER}/{}.md", epreuve.id),
        text: epreuve_page(index, referential, epreuve),
    };

    std::iter::once(table)
        .chain(referential.oral().map(of_epreuve))
        .collect()
}

fn table(index: &Index, referential: &Referential) -> String {
    let missing: Vec<&str> = index
        .without_proof(referential)
        .map(|criterion| criterion.id.as_str())
        .collect();
    let total = referential.criteria().count();

    let mut page = format!(
        "# Les preuves, critère par critère\n\n{GENERATED}\n\n{} critères sur {total} ont au moins une preuve \
         déclarée. Une preuve déclarée reste à juger : la page dit où regarder. Les épreuves sont dans l’ordre de \
         l’oral.\n\n| Épreuve | Compétences | Critères avec une preuve |\n| --- | --- | --- |\n",
        total - missing.len(),
    );
    for epreuve in referential.oral() {
        row(&mut page, index, referential, epreuve);
    }

    let listed = if missing.is_empty() {
        "Aucun".to_owned()
    } else {
        missing.join(", ")
    };
    let _ = write!(page, "\n## Critères sans preuve\n\n{listed}.\n");
    page
}

fn row(page: &mut String, index: &Index, referential: &Referential, epreuve: &Epreuve) {
    let competencies: Vec<&str> = referential
        .competencies_of(epreuve)
        .map(|competency| competency.id.as_str())
        .collect();
    let criteria = || {
        referential
            .competencies_of(epreuve)
            .flat_map(|competency| &competency.criteria)
    };
    let proved = criteria().filter(|criterion| index.of(criterion).next().is_some());

    let (id, kind) = (&epreuve.id, &epreuve.kind);
    let _ = writeln!(
        page,
        "| [{id}, {kind}]({id}.md) | {} | {} sur {} |",
        competencies.join(", "),
        proved.count(),
        criteria().count()
    );
}

fn epreuve_page(index: &Index, referential: &Referential, epreuve: &Epreuve) -> String {
    let mut page = format!(
        "# Les preuves de {} : {}\n\n{GENERATED}\n\n[Toutes les épreuves](README.md)\n\n## Sommaire\n\n",
        epreuve.id, epreuve.kind
    );

    for competency in referential.competencies_of(epreuve) {
        contents(&mut page, competency);
    }
    for competency in referential.competencies_of(epreuve) {
        section(&mut page, index, competency);
    }
    page
}

/// The part of the table of contents of one competency.
fn contents(page: &mut String, competency: &Competency) {
    let title = competency_title(competency);
    let _ = writeln!(page, "- [{title}](#{})", slug(&title));

    for criterion in &competency.criteria {
        let title = criterion_title(criterion);
        let _ = writeln!(page, "  - [{title}](#{})", slug(&title));
    }
}

fn section(page: &mut String, index: &Index, competency: &Competency) {
    let _ = write!(page, "\n## {}\n", competency_title(competency));
    for criterion in &competency.criteria {
        let _ = write!(page, "\n### {}\n\n", criterion_title(criterion));
        proofs(page, index, criterion);
    }
}

fn proofs(page: &mut String, index: &Index, criterion: &Criterion) {
    let principal = index.principal(criterion);
    let is_other = |proof: &&Proof| !principal.is_some_and(|first| std::ptr::eq(first, *proof));
    let others: Vec<&Proof> = index.of(criterion).filter(is_other).collect();

    match principal {
        Some(proof) => {
            let _ = writeln!(page, "**Preuve principale** : {}", link(proof));
        }
        None if others.is_empty() => page.push_str("Aucune preuve déclarée.\n"),
        None => {}
    }

    if principal.is_some() && !others.is_empty() {
        page.push_str("\nAutres preuves :\n\n");
    }
    for proof in others {
        let _ = writeln!(page, "- {}", link(proof));
    }
}

fn competency_title(competency: &Competency) -> String {
    format!("{} {}", competency.id, competency.fr)
}

fn criterion_title(criterion: &Criterion) -> String {
    format!("{} {}", criterion.id, escape(&criterion.fr))
}

/// The claim, the thing that proves with its file, and the code that does it.
fn link(proof: &Proof) -> String {
    let (kind, name) = match &proof.subject {
        Subject::Test(name) => ("test ", name),
        Subject::Item(name) => ("", name),
        Subject::Command(line) => ("commande ", line),
        Subject::Anchor(place) => ("section ", place),
    };

    let Proof { claim, file, .. } = proof;
    let code = proof.code.as_ref().map(code).unwrap_or_default();

    format!(
        "{} : {kind}`{}`, [{file}](../../{file}{}){code}",
        escape(claim),
        name.replace('`', "'"),
        fragment(proof)
    )
}

fn code(code: &CodeRef) -> String {
    let path = &code.path;
    let item = code.item.as_ref().map(|item| format!("`{item}`, "));
    format!(
        " ; code : {}[{path}](../../{path})",
        item.unwrap_or_default()
    )
}

/// The heading, in a document, which forges show as a page. Elsewhere the whole file: the number of
/// a line would make the page stale at every edit above it.
fn fragment(proof: &Proof) -> String {
    match &proof.subject {
        Subject::Item(heading) if proof.file.ends_with(".md") => format!("#{}", slug(heading)),
        _ => String::new(),
    }
}

/// Keeps the text of a comment from being read as markup.
fn escape(text: &str) -> String {
    text.chars()
        .flat_map(|letter| {
            ['<', '[', ']', '*', '_', '`']
                .contains(&letter)
                .then_some('\\')
                .into_iter()
                .chain([letter])
        })
        .collect()
}
