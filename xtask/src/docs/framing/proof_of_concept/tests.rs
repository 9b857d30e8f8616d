use super::*;

const CRITERIA: &str = r#"
    [[criterion]]
    id = "PC-1"
    title = "gain"
    unit = "%"
    blocks = "developpement"
    measure = { key = "gain", at_least = 25 }
    [[criterion]]
    id = "PC-2"
    title = "pré-production"
    blocks = "production"
    played = { command = "tests/pre-production/run", file = "pre" }
"#;

fn page(gain: Option<f64>, is_there: bool) -> String {
    let ProofOfConcept { criterion } = toml::from_str(CRITERIA).unwrap();
    results(&criterion, &|_| gain, &|_| is_there)
}

// Preuve: C15.5 l’avis se calcule : un critère bloquant hors de son seuil donne un no-go
#[test]
fn the_conclusion_follows_from_the_criteria() {
    for (gain, is_there, further, opening) in [
        (
            Some(36.0),
            true,
            "- **Go** pour la suite",
            "- **Go** pour la mise en service",
        ),
        (
            Some(36.0),
            false,
            "- **Go** pour la suite",
            "tant que PC-2 n’est pas rempli",
        ),
        (
            Some(24.0),
            true,
            "- **No-go** : PC-1",
            "- **No-go** pour la mise en service, par conséquent",
        ),
        (
            None,
            true,
            "- **No-go** : PC-1",
            "- **No-go** pour la mise en service, par conséquent",
        ),
    ] {
        let page = page(gain, is_there);
        assert!(page.contains(further), "{gain:?}, {is_there}: {page}");
        assert!(page.contains(opening), "{gain:?}, {is_there}: {page}");
    }
}

#[test]
fn pre_production_is_a_proof_once_it_can_be_played() {
    assert!(pre_production(&|_| false).contains("pas encore dans le dépôt"));
    assert!(!pre_production(&|_| false).contains("Preuve"));
    assert!(pre_production(&|path| path == PRE_PRODUCTION).contains("Preuve principale: C15.4"));
}

#[test]
fn what_could_not_be_played_is_never_said_to_hold() {
    let page = page(None, false);
    assert!(
        page.contains("| jamais mesuré | pas encore joué |"),
        "{page}"
    );
    assert!(
        page.contains("| rien à jouer encore | pas encore joué |"),
        "{page}"
    );
}
