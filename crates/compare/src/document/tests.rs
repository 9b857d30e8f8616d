use super::{Claimed, Copied, claims, copied, fold, is_concrete, is_promise, read};
use crate::criteria::Criteria;

#[test]
fn a_section_ends_where_the_next_of_its_level_begins() {
    let page = read("a.md", "# A\nun\n## B\ndeux\n# C\ntrois\n", 1);
    let seen: Vec<(&str, &str)> = page
        .sections
        .iter()
        .map(|one| {
            (
                one.heading.as_str(),
                page.text[one.body..one.outer_end]
                    .lines()
                    .last()
                    .unwrap_or(""),
            )
        })
        .collect();

    assert_eq!(
        seen,
        [("", "trois"), ("a", "deux"), ("b", "deux"), ("c", "trois")]
    );
}

#[test]
fn a_heading_inside_code_or_an_underline_is_told() {
    let page = read(
        "a.md",
        "```\n# not a heading\n```\nTitre\n=====\ntexte\n",
        1,
    );
    assert_eq!(
        page.sections
            .iter()
            .map(|one| one.heading.as_str())
            .collect::<Vec<_>>(),
        ["", "titre"]
    );
}

#[test]
fn accents_and_capitals_are_folded_without_moving_lines() {
    assert_eq!(fold("ÉTÉ à l’Œuvre\nÇa"), "ete a l'Œuvre\nca");
}

#[test]
fn key_words_are_not_concrete_and_sentences_are() {
    assert!(!is_concrete(
        "rgpd, owasp, jwt, oauth2, docker, ci/cd, mlops, drift, grafana, prometheus, merise, mcd, mld, mpd, scrum, kanban, wcag, rgaa, spark, airflow, dvc"
    ));
    assert!(is_concrete(
        "les donnees sont purgees chaque mois par un script qui supprime les comptes sans activite depuis deux ans, puis ecrit une ligne dans le journal."
    ));
    assert!(is_promise("a faire : le registre") && !is_promise("le registre est tenu"));
}

#[test]
fn what_a_page_says_of_the_tree_is_a_claim() {
    let text = "Voir [le schéma](docs/mcd.md) et `src/train.py`.\nLancer `make start`.\n- `GET /films` exige un jeton JWT\nModèle refusé si le F1 est sous 0,80.\n";
    let found: Vec<(usize, Claimed)> = claims("README.md", text)
        .into_iter()
        .map(|claim| (claim.line, claim.claimed))
        .collect();

    let expected = [
        (1, Claimed::Link("docs/mcd.md".to_owned())),
        (1, Claimed::File("src/train.py".to_owned())),
        (2, Claimed::Recipe("start".to_owned())),
        (3, Claimed::Protected("GET".to_owned(), "/films".to_owned())),
        (4, Claimed::Threshold("f1".to_owned(), "0.8".to_owned())),
    ];

    assert_eq!(found, expected);
}

#[test]
fn what_a_run_makes_or_a_plan_promises_is_not_claimed_to_be_there() {
    assert!(claims("a.md", "Le script écrit `out/rows.json`.\n").is_empty());
    assert!(claims("a.md", "## Roadmap\nVoir `docs/plan.md`.\n").is_empty());
    assert!(claims("a.md", "`GET /health` est public, sans jeton.\n").is_empty());
}

#[test]
fn the_grid_pasted_in_a_page_is_recognised_and_a_report_that_quotes_it_is_not() {
    let criteria = Criteria::load().unwrap();
    let rows: Vec<String> = criteria
        .all()
        .take(30)
        .map(|one| format!("| {} | {} | OK |", one.id, one.fr))
        .collect();

    assert_eq!(
        copied("grille.md", &rows.join("\n")),
        Some((Copied::Grid, 1))
    );

    let filler =
        "Ce chapitre raconte en détail ce qui a été fait, pourquoi, et avec quel résultat mesuré. "
            .repeat(12);
    let report: Vec<String> = criteria
        .all()
        .take(8)
        .map(|one| format!("## {}\n{filler}", one.fr))
        .collect();

    assert_eq!(copied("rapport.md", &report.join("\n")), None);
}

#[test]
fn a_dump_of_the_repository_is_recognised() {
    let dump: String = (0..12)
        .map(|index| format!("================\nFILE: src/a{index}.py\n================\nx = 1\n"))
        .collect();
    assert_eq!(copied("digest.txt", &dump), Some((Copied::Repository, 1)));
    assert_eq!(
        copied("notes.txt", "file: a.py\nOne file is named here.\n"),
        None
    );
}
