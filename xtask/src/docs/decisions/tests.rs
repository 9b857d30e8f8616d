use super::*;

fn error(text: &str) -> String {
    decision(text).unwrap_err().to_string()
}

#[test]
fn a_decision_says_its_date_its_status_and_its_relations() {
    let read = decision(
        "# Le contrat a sa crate\n\n- Date : 2026-11-24\n- Statut : acceptée\n- Complétée par : [0062](0062-x.md)\n\n## Contexte\n",
    );
    assert_eq!(
        read.unwrap(),
        Decision {
            title: "Le contrat a sa crate".to_owned(),
            date: "2026-11-24".to_owned(),
            status: "acceptée".to_owned(),
            relations: vec![("Complétée par", "0062".to_owned())],
            words: 21,
        }
    );
}

#[test]
fn a_head_that_says_too_little_is_refused() {
    assert_eq!(error("Rien.\n"), "there is no title");
    assert_eq!(error("# A\n\n## Contexte\n"), "its head has no `- Date : `");
    assert_eq!(
        error("# A\n\n- Date : hier\n- Statut : acceptée\n"),
        "`hier` is not a date such as 2026-11-29"
    );
}

#[test]
fn a_replaced_decision_has_the_status_of_one() {
    let head =
        "# A\n\n- Date : 2026-11-24\n- Statut : acceptée\n- Remplacée par : [0002](0002-b.md)\n";
    assert_eq!(
        error(head),
        "the status is `acceptée`, not `remplacée par 0002`"
    );
}

#[test]
fn a_relation_that_one_side_alone_tells_is_told() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(FOLDER);
    std::fs::create_dir_all(&folder).unwrap();
    let head = "- Date : 2026-11-24\n- Statut : acceptée\n";
    std::fs::write(
        folder.join("0001-a.md"),
        format!("# A\n\n{head}- Complète : [0002](0002-b.md)\n"),
    )
    .unwrap();
    std::fs::write(folder.join("0002-b.md"), format!("# B\n\n{head}")).unwrap();

    assert_eq!(
        faults(root.path()).unwrap(),
        [
            "`docs/decisions/0001-a.md` says « Complète 0002 »: decision 0002 must say « Complétée par 0001 »"
        ]
    );
}

#[test]
fn a_long_decision_has_a_second_level() {
    let head = "# A\n\n- Date : 2026-11-24\n- Statut : acceptée\n\n## Contexte\n\n";
    let long = "mot ".repeat(PAGE_WORDS);
    assert!(decision(&format!("{head}{long}")).unwrap().words > PAGE_WORDS);

    let split = format!("{head}Court.\n\n## Pour aller plus loin\n\n{long}");
    assert!(decision(&split).unwrap().words < 20);
}
