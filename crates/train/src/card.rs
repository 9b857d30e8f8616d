use std::fmt::Write;

use filrouge_model::Description;
use filrouge_model::evaluation::{MEAN_BY_HOUR_AND_WORKING_DAY, Measures, SAME_HOUR_LAST_WEEK};

use crate::fidelity::Fidelity;

/// The model card, in French, for whoever decides whether the model may serve: plain CommonMark,
/// one heading level at a time, no table without a header row.
pub(crate) fn render(description: &Description, fidelity: &Fidelity) -> String {
    [
        title(description),
        purpose(),
        data(description),
        quality(description),
        limits(),
        graph(description, fidelity),
    ]
    .join("\n")
}

fn title(description: &Description) -> String {
    let Description {
        version,
        created_at,
        ..
    } = description;
    let day = created_at.format("%d/%m/%Y");
    format!("# Fiche du modèle de demande, version {version}\n\nModèle entraîné le {day} (UTC).\n")
}

fn purpose() -> String {
    "## Ce qu’il prévoit\n\n\
     Le nombre de départs de vélos d’une station pendant une heure, vingt-quatre heures à l’avance, avec un intervalle \
     qui doit contenir la réalité huit fois sur dix.\n\n\
     Usages prévus : informer les usagers, préparer le rééquilibrage des stations. Il ne convient pas pour évaluer une \
     personne : aucune donnée personnelle n’entre dans le modèle.\n"
        .to_owned()
}

fn data(description: &Description) -> String {
    let training = &description.training;
    let lines = [
        ("Première heure", training.from.to_string()),
        ("Dernière heure", training.to.to_string()),
        ("Stations", training.stations.to_string()),
        ("Lignes du jeu de données", training.rows.to_string()),
        ("Lignes apprises", training.sampled_rows.to_string()),
        ("Fuseau horaire des horloges", description.time_zone.clone()),
        (
            "Empreinte SHA-256 des lignes",
            description.dataset_sha256.clone(),
        ),
        ("Graine aléatoire", description.seed.to_string()),
        ("Version du programme", description.program_version.clone()),
        (
            "Commit du programme",
            description
                .commit
                .clone()
                .unwrap_or_else(|| "inconnu".to_owned()),
        ),
    ];
    format!(
        "## Ce qu’il a appris\n\n{}",
        table(["Élément", "Valeur"], &lines)
    )
}

fn quality(description: &Description) -> String {
    let evaluation = &description.evaluation;
    let mut text = format!(
        "## Qualité mesurée\n\nMesures sur {} lignes d’heures postérieures à celles que le modèle avait apprises \
         (origine glissante, quatre plis), à côté de deux prévisions sans modèle. Les heures prévues utilisent la météo \
         observée ; en service, la météo est une prévision.\n\n\
         | Mesure | Modèle | Même heure, semaine précédente | Moyenne par heure et jour ouvré |\n\
         | --- | ---: | ---: | ---: |\n",
        evaluation.rows
    );
    let of = |name: &str| evaluation.baselines.get(name).copied().unwrap_or_default();
    let columns = [
        evaluation.measures,
        of(SAME_HOUR_LAST_WEEK),
        of(MEAN_BY_HOUR_AND_WORKING_DAY),
    ];
    for (name, read) in MEASURES {
        let cells = columns.map(|measures| read(&measures).map_or_else(|| "—".to_owned(), decimal));
        text += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    let skill = evaluation
        .lowest_skill()
        .map_or_else(|| "—".to_owned(), |skill| decimal(100.0 * skill));
    let covered = decimal(100.0 * evaluation.coverage_80);
    let _ = write!(
        text,
        "\nL’erreur absolue moyenne est inférieure de {skill} % à celle de la meilleure des deux prévisions sans modèle. \
         L’intervalle à 80 % contient {covered} % des comptages. Là où presque toutes les heures comptent zéro départ, \
         zéro suffit à couvrir plus de 80 % des cas.\n"
    );
    text
}

type Reading = (&'static str, fn(&Measures) -> Option<f64>);

const MEASURES: [Reading; 7] = [
    ("Erreur absolue moyenne (MAE), départs", |measures| {
        Some(measures.mae)
    }),
    ("Erreur quadratique (RMSE), départs", |measures| {
        Some(measures.rmse)
    }),
    ("Erreur logarithmique (RMSLE)", |measures| {
        Some(measures.rmsle)
    }),
    ("Erreur relative pondérée (WAPE)", |measures| {
        measures.wape
    }),
    ("Coefficient de détermination (R²)", |measures| {
        measures.r2
    }),
    ("Déviance de Poisson", |measures| {
        Some(measures.poisson_deviance)
    }),
    ("Biais, départs", |measures| Some(measures.bias)),
];

fn limits() -> String {
    "## Limites connues\n\n\
     - Une station sans historique est prévue d’après l’ensemble des stations : son intervalle est moins sûr.\n\
     - Un changement brutal (grève, fermeture, événement inconnu de l’agenda) n’est vu que le lendemain, et n’est suivi \
     qu’en partie.\n\
     - Les départs comptés ne sont pas la demande : une station vide n’en compte aucun.\n\
     - Quand les comptages sont faibles, l’intervalle commence à zéro et sa borne haute règle seule la couverture.\n"
        .to_owned()
}

fn graph(description: &Description, fidelity: &Fidelity) -> String {
    let lines = [
        (
            "Entrée",
            format!(
                "`features`, float32 [N, {}], NaN pour une valeur absente",
                description.feature_names.len()
            ),
        ),
        (
            "Sorties",
            "`demand`, `demand_p10`, `demand_p90`, float32 [N, 1], départs par heure".to_owned(),
        ),
        ("Arbres", description.trees.to_string()),
        (
            "Puissance à laquelle est suivi ce que les prévisions de la semaine ont manqué",
            decimal(description.correction_strength),
        ),
        (
            "Empreinte SHA-256 de `model.onnx`",
            description.model_sha256.clone(),
        ),
        ("Lignes comparées à l’entraîneur", fidelity.rows.to_string()),
        (
            "dont lignes sur un seuil ou à un ulp",
            fidelity.threshold_rows.to_string(),
        ),
        (
            "Plus grand écart relatif",
            largest(fidelity.largest_relative),
        ),
    ];
    format!("## Le fichier\n\n{}", table(["Élément", "Valeur"], &lines))
}

fn table(header: [&str; 2], lines: &[(&str, String)]) -> String {
    let mut text = format!("| {} | {} |\n| --- | --- |\n", header[0], header[1]);
    for (name, value) in lines {
        text += &format!("| {name} | {value} |\n");
    }
    text
}

fn largest(difference: f64) -> String {
    if difference == 0.0 {
        "aucun, au bit près".to_owned()
    } else {
        format!("{difference:.1e}").replace('.', ",")
    }
}

/// Three decimals and the French comma.
fn decimal(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}
