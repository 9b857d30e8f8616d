use std::fmt::Write;

use filrouge_model::Description;
use filrouge_model::evaluation::{MEAN_BY_HOUR_AND_WORKING_DAY, Measures, SAME_HOUR_LAST_WEEK};

use crate::fidelity::Fidelity;

/// The model card (Mitchell et al., 2019), in French, for whoever decides whether the model may
/// serve: plain CommonMark, one heading level at a time, no table without a header row.
pub(crate) fn render(description: &Description, fidelity: &Fidelity) -> String {
    [
        title(description),
        PURPOSE.to_owned(),
        training_data(description),
        METHOD.to_owned(),
        quality(description),
        LIMITS.to_owned(),
        file(description, fidelity),
    ]
    .join("\n")
}

const PURPOSE: &str = "## Usage prévu\n\n\
    Le modèle prévoit le nombre de départs de vélos d’une station pendant une heure, vingt-quatre heures à l’avance, \
    avec un intervalle qui doit contenir la réalité huit fois sur dix.\n\n\
    Il sert à informer les usagers et à préparer le rééquilibrage des stations. Il ne convient pas pour évaluer une \
    personne : aucune donnée personnelle n’entre dans le modèle.\n";

const METHOD: &str = "## Méthode\n\n\
    - Une régression de Poisson sur la demande totale de la ville donne au modèle des caractéristiques : la demande \
    attendue selon l’heure, le calendrier et la météo.\n\
    - Des arbres de décision (*gradient boosting*) prévoient la demande de chaque station. Leur nombre est choisi sur des \
    heures de validation, par arrêt précoce, pour éviter le surapprentissage.\n\
    - L’intervalle vient d’une calibration conforme, faite sur les mêmes heures de validation.\n\
    - Les critères de promotion (*quality gates*) se mesurent sur un jeu de test : des heures que ni l’entraînement ni la \
    validation n’ont vues.\n";

const LIMITS: &str = "## Limites connues\n\n\
    - Une station sans historique est prévue d’après l’ensemble des stations : son intervalle est moins sûr.\n\
    - Un changement brutal (grève, fermeture, événement inconnu de l’agenda) n’est vu que le lendemain, et le modèle ne \
    s’y adapte qu’en partie.\n\
    - Les départs comptés ne sont pas la demande : une station vide n’en compte aucun.\n\
    - Quand les comptages sont faibles, l’intervalle commence à zéro et sa borne haute règle seule la couverture.\n";

/// Name of a measure, and how it is read; absent where it cannot be computed.
type MeasureRow = (&'static str, fn(&Measures) -> Option<f64>);

const MEASURES: [MeasureRow; 7] = [
    ("Erreur absolue moyenne (MAE), départs", |all| {
        Some(all.mae)
    }),
    ("Erreur quadratique (RMSE), départs", |all| Some(all.rmse)),
    ("Erreur logarithmique (RMSLE)", |all| Some(all.rmsle)),
    ("Erreur relative pondérée (WAPE)", |all| all.wape),
    ("Coefficient de détermination (R²)", |all| all.r2),
    ("Déviance de Poisson", |all| Some(all.poisson_deviance)),
    ("Biais, départs", |all| Some(all.bias)),
];

fn title(description: &Description) -> String {
    let version = &description.version;
    let day = description.created_at.format("%d/%m/%Y");

    format!("# Fiche du modèle de demande, version {version}\n\nModèle entraîné le {day} (UTC).\n")
}

fn training_data(description: &Description) -> String {
    let training = &description.training;
    let commit = description.commit.as_deref().unwrap_or("inconnu");

    let lines = [
        ("Première heure", training.from.to_string()),
        ("Dernière heure", training.to.to_string()),
        ("Stations", training.stations.to_string()),
        ("Lignes du jeu de données", training.rows.to_string()),
        (
            "Lignes du jeu d’entraînement",
            training.sampled_rows.to_string(),
        ),
        ("Fuseau horaire des horloges", description.time_zone.clone()),
        (
            "Empreinte SHA-256 des lignes",
            description.dataset_sha256.clone(),
        ),
        ("Graine aléatoire", description.seed.to_string()),
        ("Version du programme", description.program_version.clone()),
        ("Commit du programme", commit.to_owned()),
    ];

    format!("## Données d’entraînement\n\n{}", table(&lines))
}

fn quality(description: &Description) -> String {
    let evaluation = &description.evaluation;
    let baseline = |name: &str| evaluation.baselines.get(name).copied().unwrap_or_default();
    let columns = [
        evaluation.measures,
        baseline(SAME_HOUR_LAST_WEEK),
        baseline(MEAN_BY_HOUR_AND_WORKING_DAY),
    ];

    let mut text = quality_header(evaluation.rows);

    for (name, read) in MEASURES {
        let cells = columns.map(|measures| or_dash(read(&measures)));
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    }

    let skill = or_dash(evaluation.lowest_skill().map(|skill| 100.0 * skill));
    let covered = decimal(100.0 * evaluation.coverage_80);
    text + &conclusion(&skill, &covered)
}

fn quality_header(rows: usize) -> String {
    format!(
        "## Qualité mesurée\n\nValidation à origine glissante (*backtest*) en quatre plis : {rows} lignes, dont les heures \
         suivent toujours celles que le modèle a apprises. Deux prévisions sans modèle servent de référence. Les heures \
         prévues utilisent la météo observée ; en service, la météo est une prévision.\n\n\
         | Mesure | Modèle | Même heure, semaine précédente | Moyenne par heure et jour ouvré |\n\
         | --- | ---: | ---: | ---: |\n"
    )
}

fn conclusion(skill: &str, covered: &str) -> String {
    format!(
        "\nL’erreur absolue moyenne est inférieure de {skill} % à celle de la meilleure des deux références. L’intervalle \
         à 80 % contient {covered} % des comptages. Là où presque toutes les heures comptent zéro départ, zéro suffit à \
         couvrir plus de 80 % des cas.\n"
    )
}

fn file(description: &Description, fidelity: &Fidelity) -> String {
    let features = description.feature_names.len();
    let input = format!("`features`, float32 [N, {features}], NaN pour une valeur absente");
    let output = "`demand`, `demand_p10`, `demand_p90`, float32 [N, 1], départs par heure";

    let lines = [
        ("Entrée", input),
        ("Sorties", output.to_owned()),
        ("Arbres", description.trees.to_string()),
        (
            "Force de la correction du biais récent (0 : aucune ; 1 : entière)",
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
            scientific(fidelity.largest_relative),
        ),
    ];

    format!("## Fichier\n\n{}", table(&lines))
}

fn table(lines: &[(&str, String)]) -> String {
    let mut text = "| Élément | Valeur |\n| --- | --- |\n".to_owned();

    for (name, value) in lines {
        let _ = writeln!(text, "| {name} | {value} |");
    }

    text
}

fn or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "—".to_owned(), decimal)
}

fn scientific(difference: f64) -> String {
    if difference == 0.0 {
        return "aucun, au bit près".to_owned();
    }

    format!("{difference:.1e}").replace('.', ",")
}

/// Three decimals and the French comma.
fn decimal(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}
