//! The page `docs/preuves.md`.

use std::fmt::Write;

use super::Index;
use super::exists::slug;
use crate::referential::{Competency, Criterion, Referential};
use filrouge_compare::proof::{Proof, Subject};

/// The page in French Markdown: every competency, every criterion, every proof with a link.
pub fn render(index: &Index, referential: &Referential) -> String {
    let missing: Vec<&str> = index
        .without_proof(referential)
        .map(|criterion| criterion.id.as_str())
        .collect();
    let total = referential.criteria().count();
    let mut page = format!(
        "# Les preuves, critère par critère\n\nPage engendrée par `cargo dossier index` depuis les commentaires \
         `Preuve:` du dépôt : ne pas la modifier à la main.\n\n{} critères sur {total} ont au moins une preuve \
         déclarée. Une preuve déclarée reste à juger : la page dit où regarder.\n",
        total - missing.len(),
    );

    for competency in &referential.competencies {
        section(&mut page, index, competency);
    }

    let listed = if missing.is_empty() {
        "aucun".to_owned()
    } else {
        missing.join(", ")
    };

    let _ = write!(
        page,
        "\n## Critères sans preuve : {}\n\n{listed}.\n",
        missing.len()
    );
    page
}

fn section(page: &mut String, index: &Index, competency: &Competency) {
    let _ = write!(
        page,
        "\n## {} {} ({})\n\n",
        competency.id, competency.fr, competency.epreuve
    );
    for criterion in &competency.criteria {
        line(page, index, criterion);
    }
}

fn line(page: &mut String, index: &Index, criterion: &Criterion) {
    let _ = writeln!(page, "- **{}** {}", criterion.id, escape(&criterion.fr));
    for proof in index.of(criterion) {
        let _ = writeln!(page, "  - {}", link(proof));
    }
}

fn link(proof: &Proof) -> String {
    let (kind, name) = match &proof.subject {
        Subject::Test(name) => ("test ", name),
        Subject::Item(name) => ("", name),
        Subject::Command(line) => ("commande ", line),
        Subject::Anchor(place) => ("section ", place),
    };

    let Proof { claim, file, .. } = proof;

    format!(
        "{} : {kind}`{}`, [{file}](../{file}{})",
        escape(claim),
        name.replace('`', "'"),
        fragment(proof)
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
