use std::process::Command;

use super::*;

/// A repository with one file.
fn repository(file: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(Command::new("git").args(["init", "-q"]).current_dir(&folder).status().unwrap().success());
    std::fs::create_dir_all(folder.path().join("docs")).unwrap();
    std::fs::create_dir_all(folder.path().join("data/referential")).unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    folder
}

fn referential() -> Referential {
    Referential::load().unwrap()
}

#[test]
fn a_proof_is_on_the_page_with_a_link_to_its_line() {
    let folder = repository("a.rs", "// Preuve: C5.4 accès refusé\n#[test]\nfn refused() {}\n");
    let index = write(folder.path(), &referential()).unwrap();
    assert_eq!(index.without_proof(&referential()).count(), 141);
    let page = std::fs::read_to_string(folder.path().join(PAGE)).unwrap();
    assert!(page.contains("  - accès refusé : test `refused`, [a.rs:3](../a.rs#L3)\n"), "{page}");
}

#[test]
fn a_fresh_page_passes_the_check_and_a_stale_one_fails() {
    let folder = repository("a.rs", "// Preuve: C5.4 accès refusé\nfn refused() {}\n");
    write(folder.path(), &referential()).unwrap();
    check(folder.path(), &referential()).unwrap();
    std::fs::write(folder.path().join("a.rs"), "// Preuve: C5.4 accès fermé\nfn refused() {}\n").unwrap();
    let error = check(folder.path(), &referential()).unwrap_err();
    assert_eq!(error.to_string(), "docs/preuves.md n'est plus à jour : lancer `cargo dossier index`");
}

#[test]
fn an_unknown_criterion_fails_the_check() {
    let folder = repository("a.rs", "// Preuve: C5.9 accès refusé\nfn refused() {}\n");
    let error = check(folder.path(), &referential()).unwrap_err();
    assert_eq!(error.to_string(), "a.rs:2: le critère « C5.9 » n'existe pas dans le référentiel");
}

#[test]
fn the_number_of_criteria_without_a_proof_cannot_grow() {
    let folder = repository("a.rs", "// Preuve: C5.4 accès refusé\nfn refused() {}\n");
    write(folder.path(), &referential()).unwrap();
    std::fs::write(folder.path().join("a.rs"), "fn refused() {}\n").unwrap();
    let error = write(folder.path(), &referential()).unwrap_err();
    assert_eq!(error.to_string(), "142 critères sans preuve, contre 141 auparavant : ce nombre ne peut que baisser");
}

#[test]
fn a_folder_that_is_no_repository_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let error = Index::gather(folder.path(), &referential()).unwrap_err();
    assert!(error.to_string().contains("not a git repository"), "{error}");
}
