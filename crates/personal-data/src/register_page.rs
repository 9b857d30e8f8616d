//! The register as a person reads it: `docs/donnees-personnelles.md`.

use std::fmt::Write as _;

use filrouge_database::gdpr::register::{
    Controller, Holding, Hosting, Processing, Register, Screening,
};

const INTRODUCTION: &str = "\
<!-- Preuve principale: C4.8 registre des traitements de données personnelles de la base, sur les rubriques du modèle de la CNIL ; un test refuse une colonne personnelle qu’il ne nomme pas [code : data/gdpr/register.toml#processing] -->
<!-- Preuve principale: C4.9 procédures de tri des données personnelles, une par table et par dossier de fichiers [code : data/gdpr/register.toml#holding] -->
# Données personnelles : registre et procédures de tri

Page tirée de `data/gdpr/register.toml` par `cargo xtask regenerate` : ne pas la modifier à la main. \
Le programme applique ce registre. Des tests échouent quand une colonne personnelle du schéma n’y figure pas, quand il nomme une colonne, une commande ou un test qui n’existe pas, ou quand une fréquence n’est plus celle du code. Les mots du métier sont dans le [glossaire](glossaire.md).

";

const ERASURE: &str = "\
### Effacer une personne

1. Vérifier l’identité de la personne et obtenir son numéro d’abonné.
2. `filrouge gdpr erase -` puis saisir le numéro (il ne reste ainsi dans aucun historique de terminal).
3. Le programme efface ses lignes, ses exports et sa ligne de chaque collecte brute, réécrit les fichiers de la base, puis cherche ses pseudonymes et son numéro dans tout l’état.
4. Remettre le reçu signé ; s’il cite un fichier où une valeur subsiste, la commande échoue et le dit.
5. Effacer aussi la personne du logiciel de gestion des abonnés de Vélorive, d’où viennent ces données. Tant qu’elle y reste, la liste d’effacement empêche son retour ici.

### Ce qui est une donnée personnelle, et ce qui n’en est pas une

- Le **numéro d’abonné** en est une : Vélorive sait de qui il est. Il n’existe en clair que dans la collecte brute, 7 jours.
- Le **pseudonyme** en est une aussi (article 4.5) : avec la clé, il désigne une personne.
- Un **trajet** du lac n’a ni personne ni vélo, mais son origine, sa destination et ses instants peuvent désigner quelqu’un : il est au registre.
- Les **départs par station et par heure** n’en sont pas : ils comptent des vélos, visibles sur la voie publique et dans les flux ouverts GBFS, et ne disent pas où l’on va.
- Les **flux entre stations** n’en sont pas : un mois entier, 5 trajets au moins, masquage complémentaire compris.
";

/// The register in Markdown: `docs/donnees-personnelles.md`.
pub fn register_page(register: &Register) -> String {
    let mut text = INTRODUCTION.to_owned();

    write_controller(&mut text, &register.controller);
    write_hosting(&mut text, &register.hosting);
    write_summary(&mut text, register);
    for processing in &register.processings {
        write_processing(&mut text, processing);
    }
    write_screening(&mut text, &register.screening);
    write_procedures(&mut text, register);

    text + "\n" + ERASURE
}

fn write_controller(text: &mut String, controller: &Controller) {
    let Controller {
        name,
        representative,
        contact,
        protection_officer,
        protection_officer_contact,
        authority,
    } = controller;

    // Writing to a text cannot fail, here and below.
    let _ = writeln!(
        text,
        "## Acteurs\n\n- Responsable du traitement : {name}, par {representative}\n\
         - Contact du responsable : {contact}\n\
         - Délégué à la protection des données : {protection_officer}\n\
         - Contact du délégué : {protection_officer_contact}\n\
         - Autorité de contrôle : {authority}\n\n\
         Vélorive est le seul responsable : elle exploite les vélos, tient le logiciel de gestion des abonnés et fait fonctionner ce système.\n"
    );
}

fn write_hosting(text: &mut String, hosting: &Hosting) {
    let Hosting {
        place,
        processors,
        condition,
        transfers,
    } = hosting;
    let _ = writeln!(
        text,
        "## Hébergement, sous-traitants, transferts\n\n- Hébergement : {place}\n- Sous-traitants : {processors}\n\
         - Condition : {condition}\n- Transferts : {transfers}\n"
    );
}

fn write_screening(text: &mut String, screening: &Screening) {
    let _ = writeln!(
        text,
        "\n## Faut-il une analyse d’impact (AIPD) ?\n\n\
         Les neuf critères sont ceux du groupe de travail « article 29 » ([WP 248 rév. 01](https://ec.europa.eu/newsroom/article29/items/611236), 4 octobre 2017), que la CNIL reprend : deux critères remplis, et l’analyse est en principe obligatoire.\n\n\
         | Critère | Rempli | Raison |\n| --- | --- | --- |"
    );
    for criterion in &screening.criteria {
        let met = if criterion.met { "oui" } else { "non" };
        let _ = writeln!(
            text,
            "| {} | {met} | {} |",
            criterion.name, criterion.reason
        );
    }

    let answer = if screening.required {
        "une analyse est obligatoire"
    } else {
        "une analyse n’est pas obligatoire"
    };
    let _ = writeln!(
        text,
        "\n**Conclusion : {answer}.** {}\n\nExamen fait le {} par {}. À refaire {}.",
        screening.conclusion, screening.assessed_on, screening.assessed_by, screening.review
    );
}

fn write_procedures(text: &mut String, register: &Register) {
    let _ = writeln!(
        text,
        "\n<!-- Preuve principale: C4.10 chaque procédure dit si elle est automatique ou manuelle, qui la mène et à quelle fréquence [code : data/gdpr/register.toml#procedure] -->\n\
         ## Procédures de tri et de réponse\n\n{}\n\n\
         | Procédure | Ce qui est trié ou remis | Commande | Mode | Qui | Fréquence | Test qui la joue |\n\
         | --- | --- | --- | --- | --- | --- | --- |",
        register.purge.description
    );

    for procedure in &register.procedures {
        let mode = match procedure.every_hours {
            Some(_) => "automatique",
            None => "manuel",
        };
        let _ = writeln!(
            text,
            "| {} | {} | `{}` | {mode} | {} | {} | `{}` |",
            procedure.title,
            procedure.what,
            procedure.command,
            procedure.who,
            procedure.frequency,
            procedure.proof
        );
    }
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
            "- fichiers `{}` : {} ({})",
            files.pattern,
            files.end(),
            files.reason
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
