//! The table of the page beside the tests of this suite.

use std::path::Path;

/// What happens, what must come of it, the test that plays it.
const TABLE: [(&str, &str, &str); 15] = [
    (
        "Le disque est plein, puis il a de la place",
        "La disponibilité passe à 503 avec `write` en échec ; les lectures répondent ; l’écriture revient d’elle-même",
        "`reliability::disk`",
    ),
    (
        "Le dossier d’état est en lecture seule",
        "La commande échoue et nomme le dossier ou le fichier",
        "`reliability::disk`",
    ),
    (
        "Un import est tué (`kill -9`) à dix instants",
        "Rien n’est changé ; relancé, il donne la base d’un import sans interruption",
        "`reliability::killed`, `database::killed`",
    ),
    (
        "La base est tronquée, vidée ou trouée de zéros",
        "Refus au démarrage, avec le remède ; `doctor --repair` la met de côté et refait ce qui peut l’être",
        "`reliability::damaged`",
    ),
    (
        "Le dernier manifeste est tronqué, vidé ou troué",
        "La collecte est mise de côté une fois ; celle d’avant sert",
        "`reliability::damaged`, `collect::runs`",
    ),
    (
        "Un fichier de la collecte d’avant est abîmé",
        "Il n’est ni partagé ni repris ; le manifeste le dit",
        "`collect::runs`",
    ),
    (
        "Le registre du lac est abîmé",
        "Il est mis de côté ; celui d’avant sert ; ce qui manque est ingéré de nouveau",
        "`lake::ingest`",
    ),
    (
        "Un fichier Parquet du lac est tronqué ou vidé",
        "Il est mis de côté ; ses trajets sont ingérés de nouveau",
        "`lake::ingest`",
    ),
    (
        "L’horloge avance de trois jours puis revient",
        "La dernière collecte est la dernière terminée ; la purge et l’import continuent",
        "`collect::runs`, `personal_data::purge`, `database::gdpr`",
    ),
    (
        "Deux imports, ou deux collectes, à la fois",
        "Le second attend le premier ; après une minute, il est refusé avec le nom du premier",
        "`reliability::two`",
    ),
    (
        "Un import plus court que le précédent",
        "Les jours disparus ne sont plus là ; personne ne voit un mélange",
        "`database::import`",
    ),
    (
        "PostgreSQL est arrêté, ou la base ne répond plus",
        "La disponibilité répond 503 en moins d’une seconde",
        "`data_api::readiness`, `http::health`",
    ),
    (
        "Une lecture dure trop longtemps",
        "Elle seule est interrompue",
        "`database::engine::readers`",
    ),
    (
        "Une personne est effacée, puis trois collectes",
        "Aucun octet de la personne dans l’état",
        "`it::gdpr`",
    ),
    (
        "Un autre utilisateur de la machine lit l’état",
        "Dossiers en 0700, fichiers en 0600 : rien ne s’ouvre",
        "`reliability::privacy`",
    ),
];

#[test]
fn the_page_has_the_table_of_the_suite() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fiabilite.md");
    let page = std::fs::read_to_string(path).unwrap();

    for (event, outcome, played) in TABLE {
        let row = format!("| {event} | {outcome} | {played} |");
        assert!(
            page.contains(&row),
            "docs/fiabilite.md lacks the row\n{row}"
        );
    }
    let rows = page.lines().filter(|line| line.starts_with("| ")).count();
    // The header of the table, and the line under it.
    assert_eq!(rows, TABLE.len() + 2);
}
