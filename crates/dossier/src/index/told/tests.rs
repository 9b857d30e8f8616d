use super::*;
use crate::index::{Index, render};

fn referential() -> Referential {
    Referential::load().unwrap()
}

/// The proofs of a file.
fn proofs(file: &str, text: &str) -> Vec<Proof> {
    filrouge_compare::proof::read(file, text).0
}

/// A tree with the pages of these proofs.
fn tree(proofs: Vec<Proof>) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(root.path().join(FOLDER)).unwrap();
    let index = Index {
        proofs,
        ..Index::default()
    };
    for page in render(&index, &referential()) {
        std::fs::write(root.path().join(page.path), page.text).unwrap();
    }
    root
}

const RUST: &str = "// Preuve principale: C5.4 accès [refusé] : `401`, sans jeton [code : a.rs#b]\nfn a() {}\n\n\
    // Preuve: C5.4 quotas\n#[test]\nfn quotas() {}\n";
const PAGE: &str = "<!-- Preuve: C4.8 le registre -->\n## Registre : ce qu’il dit\n";

#[test]
fn a_page_is_read_as_it_was_written() {
    let all = [proofs("a.rs", RUST), proofs("docs/a.md", PAGE)].concat();
    let root = tree(all.clone());
    let text = std::fs::read_to_string(root.path().join("docs/preuves/E1.md")).unwrap();

    let told = read("E1.md", &text);

    let expected = [
        ("C4.8", "le registre", false, "docs/a.md"),
        ("C5.4", "accès [refusé] : `401`, sans jeton", true, "a.rs"),
        ("C5.4", "quotas", false, "a.rs"),
    ];
    // The only proof of a criterion is shown as its principal one.
    let found = told.iter().map(|one| {
        let principal = one.principal && one.criterion != "C4.8";
        (
            one.criterion.as_str(),
            one.claim.as_str(),
            principal,
            one.file.as_str(),
        )
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert_eq!(lost(root.path(), &all, &referential()), []);
}

#[test]
fn a_proof_whose_file_was_emptied_is_lost_and_one_that_was_reworded_is_not() {
    let root = tree([proofs("a.rs", RUST), proofs("docs/a.md", PAGE)].concat());
    let lost = |proofs: &[Proof]| {
        let lost = lost(root.path(), proofs, &referential()).into_iter();
        lost.map(|told| (told.criterion, told.claim))
            .collect::<Vec<_>>()
    };
    let pair = |criterion: &str, claim: &str| (criterion.to_owned(), claim.to_owned());

    assert_eq!(lost(&proofs("a.rs", RUST)), [pair("C4.8", "le registre")]);
    let one_left = [
        proofs("a.rs", "// Preuve: C5.4 quotas\nfn quotas() {}\n"),
        proofs("docs/a.md", PAGE),
    ];
    assert_eq!(
        lost(&one_left.concat()),
        [pair("C5.4", "accès [refusé] : `401`, sans jeton")]
    );
    let reworded = [
        proofs("a.rs", &RUST.replace("quotas", "limites")),
        proofs("docs/a.md", PAGE),
    ];
    assert_eq!(lost(&reworded.concat()), []);
}
