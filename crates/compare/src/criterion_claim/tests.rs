use super::{Claimant, claims, of_comments, of_line};

#[test]
fn a_comment_of_any_language_claims_its_criterion() {
    let test = "// Preuve: C5.4 accès refusé\n#[test]\nfn refused() {}\n";
    for (text, expected) in [
        (test, ("C5.4", "accès refusé", Claimant::Test)),
        (
            "# Preuve : C5.4 accès refusé\ndef test_refused():\n",
            ("C5.4", "accès refusé", Claimant::Test),
        ),
        (
            "<!-- Preuve: C4.8 registre -->\n",
            ("C4.8", "registre", Claimant::Code),
        ),
        (
            "/* Preuve: C17.2 */\nmain {}\n",
            ("C17.2", "", Claimant::Code),
        ),
    ] {
        let found = of_comments(text, Claimant::Code);
        let found: Vec<_> = found
            .iter()
            .map(|(line, one)| (*line, one.id.as_str(), one.words.as_str(), one.claimant))
            .collect();
        assert_eq!(found, [(1, expected.0, expected.1, expected.2)], "{text}");
    }

    for none in [
        "// Preuve: voir plus bas\n",
        "let preuve = 1;\n",
        "Preuve: C22.1 x\n",
    ] {
        assert_eq!(of_comments(none, Claimant::Code), [], "{none}");
    }
}

#[test]
fn a_line_claims_the_criteria_that_it_names_and_a_heading_its_competency() {
    let ids = |line: &str| -> Vec<String> { of_line(line).into_iter().map(|one| one.id).collect() };
    assert_eq!(ids("| C5.4, C9.3 | respecté |"), ["C5.4", "C9.3"]);
    assert_eq!(ids("## C6 — Veille"), ["C6"]);
    assert_eq!(ids("## c5.4 accès"), ["C5.4"]);

    for none in [
        "le modèle C4",
        "version 1.5.4",
        "# Projet",
        "- C6 veille",
        "<!-- Preuve: C4.8 x -->",
    ] {
        assert_eq!(ids(none), [""; 0], "{none}");
    }
    assert!(claims("# preuve: c4.8 x") && !claims("la veille est faite"));
}
