//! The register as a person reads it: `docs/donnees-personnelles.md`.

use std::fmt::Write as _;

use filrouge_database::gdpr::register::{Controller, Holding, Processing, Register};

const INTRODUCTION: &str = "\
<!-- Preuve: C4.8 registre des traitements de données personnelles de la base, sur les rubriques du modèle de la CNIL -->
<!-- Preuve principale: C4.9 procédures de tri des données personnelles, une par table et par dossier de fichiers [code : data/gdpr/register.toml#holding] -->
<!-- Preuve: C4.10 traitements automatiques ou manuels, avec leur fréquence -->
# Données personnelles : registre et procédures de tri

Page tirée de `data/gdpr/register.toml` par `cargo xtask regenerate` : ne pas la modifier à la main. \
Le programme applique ce registre ; un test échoue quand une colonne personnelle du schéma n’y figure pas, ou quand il nomme une colonne qui n’existe pas.

";

const PROCEDURES: &str = "\
## Procédures

| Procédure | Commande | Déclenchement | Fréquence |
| --- | --- | --- | --- |
| Tri par durée de conservation | `filrouge gdpr purge` | automatique, dans le service de l’API de données ; manuel possible, `--dry-run` pour simuler | toutes les 24 heures |
| Retrait de qui n’est plus abonné | `filrouge import` | automatique, à chaque collecte | toutes les heures sous `filrouge up` |
| Droit d’accès et portabilité | `filrouge gdpr export` | manuel, à la demande de la personne | sous un mois (article 12) |
| Rectification | `filrouge gdpr rectify` | manuel, à la demande | sous un mois |
| Effacement | `filrouge gdpr erase` | manuel, à la demande | sous un mois |
| Limitation et sa levée | `filrouge gdpr restrict` | manuel, à la demande ; revue des limitations | sous un mois ; revue annuelle |
| Consentement donné ou retiré | `filrouge gdpr consent` | manuel, à la demande | sans délai |
| Rotation de la clé des pseudonymes | `filrouge gdpr rotate-key` | manuel | annuelle, et après tout soupçon de fuite |
| Vérification du journal des accès | `filrouge gdpr audit` | manuel | mensuelle |
| Violation de données | `filrouge gdpr breach` | manuel ; exercice annuel | notification sous 72 heures (article 33) |

### Effacer une personne

1. Vérifier l’identité de la personne et obtenir son numéro d’abonné.
2. `filrouge gdpr erase -` puis saisir le numéro (il ne reste ainsi dans aucun historique de terminal).
3. Le programme efface ses lignes, ses exports et sa ligne de chaque collecte brute, réécrit les fichiers de la base, puis cherche ses pseudonymes et son numéro dans tout l’état.
4. Remettre le reçu signé ; s’il cite un fichier où une valeur subsiste, la commande échoue et le dit.
5. Transmettre la demande à l’exploitant, responsable de sa propre base (article 19) : tant qu’il l’y garde, la liste d’effacement empêche son retour ici.

### Ce qui n’est pas une donnée personnelle ici

Les départs par station et par heure comptent des vélos, visibles sur la voie publique et dans les flux ouverts GBFS ; ils ne disent rien de qui part. \
Les flux entre stations, qui diraient où l’on va, ne sont enregistrés qu’au mois et masqués au-dessous de 5 trajets, masquage complémentaire compris. \
Les trajets du lac n’ont ni identifiant de personne ni identifiant de vélo.

";

/// The register in Markdown: `docs/donnees-personnelles.md`.
pub fn register_page(register: &Register) -> String {
    let mut text = INTRODUCTION.to_owned();

    write_controller(&mut text, register);
    write_summary(&mut text, register);
    for processing in &register.processings {
        write_processing(&mut text, processing);
    }

    text + "\n" + PROCEDURES.trim_end() + "\n"
}

fn write_controller(text: &mut String, register: &Register) {
    let Controller {
        name,
        representative,
        protection_officer,
        authority,
    } = &register.controller;

    // Writing to a text cannot fail, here and below.
    let _ = writeln!(
        text,
        "## Acteurs\n\n- Responsable du traitement : {name}, par {representative}\n\
         - Délégué à la protection des données : {protection_officer}\n- Autorité de contrôle : {authority}\n"
    );
    let _ = writeln!(
        text,
        "## Fréquence du tri\n\n{}\n",
        register.purge.description
    );
}

fn write_summary(text: &mut String, register: &Register) {
    *text += "## Traitements\n\n| Traitement | Base légale | Conservation |\n| --- | --- | --- |\n";

    for processing in &register.processings {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            processing.title, processing.legal_basis, processing.retention
        );
    }
}

fn write_processing(text: &mut String, processing: &Processing) {
    let title = &processing.title;
    let _ = writeln!(
        text,
        "\n### {title}\n\n| Rubrique | Contenu |\n| --- | --- |"
    );
    for (heading, content) in headings(processing) {
        let _ = writeln!(text, "| {heading} | {content} |");
    }

    *text += "\nRègles de tri :\n\n";
    for holding in &processing.holdings {
        write_holding(text, holding);
    }
    for files in &processing.files {
        let _ = writeln!(
            text,
            "- fichiers `{}` : effacés après {} jours ({})",
            files.pattern, files.days, files.reason
        );
    }
}

/// The headings of the CNIL's public model, in its order.
fn headings(processing: &Processing) -> [(&'static str, String); 13] {
    [
        ("Référence", format!("`{}`", processing.id)),
        (
            "Création, mise à jour",
            format!("{}, {}", processing.created_on, processing.updated_on),
        ),
        ("Finalité principale", processing.purpose.clone()),
        ("Sous-finalités", joined(&processing.sub_purposes)),
        ("Base légale", processing.legal_basis.clone()),
        ("Personnes concernées", joined(&processing.people)),
        ("Catégories de données", joined(&processing.categories)),
        ("Données sensibles", processing.sensitive.clone()),
        ("Destinataires", joined(&processing.recipients)),
        ("Transferts hors UE", processing.transfers.clone()),
        ("Durée de conservation", processing.retention.clone()),
        ("Mesures de sécurité", joined(&processing.security)),
        ("Risque pour les personnes", processing.risk.clone()),
    ]
}

fn joined(items: &[String]) -> String {
    if items.is_empty() {
        "aucune".to_owned()
    } else {
        items.join(" ; ")
    }
}

fn write_holding(text: &mut String, holding: &Holding) {
    let end = match (&holding.instant, holding.days, &holding.kept_until) {
        (Some(instant), Some(days), _) => format!("effacée {days} jours après `{instant}`"),
        (_, _, Some(until)) => format!("gardée jusqu’à {until}"),
        _ => "sans règle".to_owned(),
    };
    let exception = if holding.unless_restricted {
        ", sauf limitation demandée par la personne"
    } else {
        ""
    };

    let _ = writeln!(
        text,
        "- table `{}` ({}) : {end}{exception}",
        holding.table,
        holding.columns.join(", ")
    );
}
