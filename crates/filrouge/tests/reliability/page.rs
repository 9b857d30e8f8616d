//! The tables of `docs/fiabilite.md`, which are those of the suite.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::first_start::{MOMENTS, StartMoment};
use crate::roles::{DamageOutcome, ROLES};

/// Asks for the page to be written, not only compared.
const REGENERATE: &str = "FILROUGE_REGENERATE";

/// What happens, what must come of it, the test that plays it.
#[rustfmt::skip]
const EVENTS: [(&str, &str, &str); 27] = [
    ("Le disque est plein, puis il a de la place", "La disponibilité passe à 503 avec `write` en échec ; les lectures répondent ; l’écriture revient d’elle-même", "`reliability::disk`"),
    ("Le dossier d’état est en lecture seule", "La commande échoue et nomme le dossier ou le fichier", "`reliability::disk`"),
    ("Un premier `up` est tué (`kill -9`) à dix instants", "Relancé, il reprend et va à la première prévision ; rien de ce qui était acquis ne manque", "`reliability::first_start`"),
    ("Un import est tué à dix instants", "Rien n’est changé, ou tout l’est ; relancé, il donne la base d’un import sans interruption", "`reliability::killed`, `database::killed`"),
    ("Un entraînement est tué à dix instants", "Aucune version à moitié écrite ; la [championne](glossaire.md) d’avant sert ; relancé, il finit", "`reliability::killed`"),
    ("Une promotion est tuée à dix instants", "La championne est l’ancienne ou la nouvelle, entière", "`reliability::killed`"),
    ("Un fichier de l’état est tronqué, vidé ou troué de zéros", "Le tableau suivant le dit, fichier par fichier", "`reliability::each_file`"),
    ("La base est tronquée, vidée ou trouée de zéros", "Refus au démarrage, avec le remède ; `doctor --repair` la met de côté et refait ce qui peut l’être", "`reliability::damaged`"),
    ("Un fichier de la collecte d’avant est abîmé", "Il n’est ni partagé ni repris ; le manifeste le dit", "`collect::runs`"),
    ("L’horloge avance ou recule de trois jours, puis revient", "La dernière collecte est la dernière terminée ; nettoyage, import et purge continuent", "`reliability::clock`, `collect::runs`, `personal_data::purge`, `database::gdpr`"),
    ("Deux `up` sur un état", "Le second est refusé avec le nom du premier", "`reliability::first_start`"),
    ("Un import pendant un `up`", "Il attend que `up` ait fini d’écrire, puis passe", "`reliability::first_start`"),
    ("Deux imports, ou deux collectes, à la fois", "Le second attend le premier ; après une minute, il est refusé avec le nom du premier", "`reliability::two`"),
    ("Deux entraînements à la fois", "Le second attend ; les mêmes données donnent une seule version", "`reliability::two`"),
    ("Deux promotions à la fois", "Une championne, entière ; l’histoire a les deux", "`reliability::two`, `model::champion`"),
    ("Deux renouvellements de secrets à la fois", "Les deux sont gardés", "`filrouge::credentials`"),
    ("Un import plus court que le précédent", "Les jours disparus ne sont plus là ; personne ne voit un mélange", "`database::import`"),
    ("PostgreSQL est arrêté, ou la base ne répond plus", "La disponibilité répond 503 en moins d’une seconde", "`data_api::readiness`, `http::health`"),
    ("Une lecture dure trop longtemps", "Elle seule est interrompue", "`database::engine::readers`"),
    ("La fin du journal des accès ne peut être signée", "La disponibilité le dit (`audit_log`), `gdpr audit` aussi ; la signature suivante rattrape", "`data_api::readiness`, `database::gdpr`"),
    ("Une personne est effacée, puis trois collectes", "Aucun octet de la personne dans l’état", "`it::gdpr`"),
    ("Un état est perdu, une personne effacée depuis la sauvegarde", "La restauration rend l’état, les services sont prêts, la personne ne revient pas", "`reliability::backup`"),
    ("Une sauvegarde est coupée, abîmée ou faite par un autre programme", "Refus avant que rien ne soit écrit dans l’état", "`reliability::backup`, `backup::it`"),
    ("Une restauration est tuée à cinq instants", "L’état d’avant, ou aucune commande ne se sert de l’état tant que la restauration n’est pas relancée", "`reliability::backup`"),
    ("Un état est restauré pendant qu’un service le lit", "La restauration est refusée et nomme le service ; aucun service ne démarre pendant une restauration", "`reliability::backup`, `filrouge::state`"),
    ("`up` ou un service s’arrête pendant une requête", "La requête va à son terme", "`reliability::stop`"),
    ("Un autre utilisateur de la machine lit l’état", "Dossiers en 0700, fichiers en 0600 : rien ne s’ouvre", "`reliability::privacy`"),
];

#[test]
fn the_page_has_the_tables_of_the_suite() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fiabilite.md");
    let page = fs::read_to_string(&path).unwrap();
    let parts = [
        ("pannes", events()),
        ("fichiers", files()),
        ("instants", moments()),
    ];

    let written = parts.iter().fold(page.clone(), |page, (name, text)| {
        with_part(&page, name, text)
    });
    if std::env::var_os(REGENERATE).is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert!(
        page == written || std::env::var_os(REGENERATE).is_some(),
        "docs/fiabilite.md is stale: run `{REGENERATE}=1 cargo test -p filrouge --test reliability page`"
    );
}

/// The page with `text` between the two marks of the part.
fn with_part(page: &str, name: &str, text: &str) -> String {
    let (start, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- fin : {name} -->"),
    );
    let (before, rest) = page
        .split_once(&start)
        .unwrap_or_else(|| panic!("no `{start}`"));
    let (_, after) = rest
        .split_once(&end)
        .unwrap_or_else(|| panic!("no `{end}`"));
    format!("{before}{start}\n{text}\n{end}{after}")
}

fn events() -> String {
    let mut table =
        "| Ce qui arrive | Ce qui doit arriver | Où c’est joué |\n| --- | --- | --- |\n".to_owned();
    for (event, outcome, played) in EVENTS {
        writeln!(table, "| {event} | {outcome} | {played} |").unwrap();
    }
    table
}

fn files() -> String {
    let mut table =
        "| Fichier abîmé | Chemin dans l’état | Ce qui doit arriver |\n| --- | --- | --- |\n"
            .to_owned();
    for role in ROLES {
        let (path, outcome) = (role.file.replace("LAST", "<dernière>"), told(role.outcome));
        writeln!(table, "| {} | `{path}` | {outcome} |", role.name).unwrap();
    }
    table
}

fn told(outcome: DamageOutcome) -> String {
    match outcome {
        DamageOutcome::GoesOn(command) => format!(
            "`filrouge {}` continue sans lui, ou avec celui d’avant",
            short(command)
        ),
        DamageOutcome::Refused(first, second) => format!(
            "`filrouge {}` refuse et le nomme ; `filrouge {}` le refait",
            short(first),
            short(second)
        ),
        DamageOutcome::Serves(service) => {
            format!("`{service}` sert, avec la dernière bonne version")
        }
        DamageOutcome::Named(command) => format!(
            "`filrouge {}` refuse et le nomme : seule une personne peut décider",
            short(command)
        ),
        DamageOutcome::Told(command) => format!("`filrouge {}` le dit", short(command)),
        DamageOutcome::Elsewhere(test) => format!("voyez `{test}`"),
        DamageOutcome::Unread => "aucun programme ne le lit".to_owned(),
    }
}

/// The words of a command, without its values.
fn short(command: &[&str]) -> String {
    let words = command.iter().take_while(|word| {
        word.chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == '-')
    });
    words.copied().collect::<Vec<_>>().join(" ")
}

fn moments() -> String {
    let mut list = String::new();
    for (StartMoment(name, _), number) in MOMENTS.iter().zip(1..) {
        writeln!(list, "{number}. {name}").unwrap();
    }
    list
}
