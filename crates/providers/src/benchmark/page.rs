//! `docs/banc-ia.md`, from the protocol, the facts and the figures.

use std::fmt::Write as _;

use super::eco::EcoInterval;
use super::figures::ServiceFigures;
use super::protocol::BenchmarkProtocol;
use super::recommendation::{Assessment, Verdict, assess, decimal};
use crate::{Hosting, Presets};

/// All that the page is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct PageInput<'a> {
    /// The protocol.
    pub protocol: &'a BenchmarkProtocol,
    /// The services.
    pub presets: &'a Presets,
    /// The measures of the services that were measured.
    pub figures: &'a [ServiceFigures],
    /// The intervals of EcoLogits.
    pub intervals: &'a [EcoInterval],
}

const INTRODUCTION: &str = "\
# Banc d’essai des services d’IA

Page écrite par `cargo xtask regenerate` : ne pas la modifier à la main. Le besoin est dans [sa restitution](besoin-ia.md), \
le protocole dans [`data/triage/protocole.toml`](../data/triage/protocole.toml), les services et leurs faits dans \
[`data/providers.toml`](../data/providers.toml), les mesures dans [`data/triage/mesures.json`](../data/triage/mesures.json). \
Le protocole a été écrit et versionné avant les mesures.

Refaire les mesures : `tests/llama/run cargo run -- triage benchmark`. Seules les durées changent d’une fois à l’autre.
";

/// The page.
pub fn page(input: PageInput<'_>) -> String {
    let assessments = assess(
        &input.presets.services,
        input.figures,
        input.intervals,
        input.protocol,
    );

    [
        INTRODUCTION.to_owned(),
        conclusion(&assessments, input.protocol),
        studied(input.presets),
        fitness(&assessments, input.protocol),
        groups(&assessments),
        grades(&assessments, input.protocol),
        running(&assessments),
        ecology(&assessments, input),
        prerequisites(input.presets),
        facts(input.presets),
    ]
    .join("\n")
}

fn conclusion(assessments: &[Assessment<'_>], protocol: &BenchmarkProtocol) -> String {
    let mut text = "<!-- Preuve principale: C7.7 la conclusion sépare les services adaptés, avec avantages et inconvénients, des services inadaptés [code : crates/providers/src/benchmark/recommendation.rs#assess] -->\n## Conclusion\n\n\
        La recommandation est calculée : les bornes du protocole écartent, puis les poids classent.\n\n### Services adaptés\n\n".to_owned();

    let fit = |assessment: &&Assessment<'_>| {
        matches!(assessment.verdict, Verdict::Recommended | Verdict::Fit)
    };
    let mut none = true;
    for assessment in assessments.iter().filter(fit) {
        none = false;
        let recommended = match assessment.verdict {
            Verdict::Recommended => ", **recommandé**",
            _ => "",
        };
        let _ = writeln!(
            text,
            "- **{}** : note {} sur 1{recommended}.\n  - Avantages : {}.\n  - Inconvénients : {}.",
            assessment.preset.title,
            decimal(assessment.grade),
            assessment.preset.advantages.join(" ; "),
            assessment.preset.drawbacks.join(" ; ")
        );
    }
    if none {
        text += "Aucun service mesuré ne tient toutes les bornes.\n";
    }

    text += "\n### Services inadaptés\n\n";
    for assessment in assessments {
        if let Verdict::Unfit(reasons) = &assessment.verdict {
            let _ = writeln!(
                text,
                "- **{}** : {}.",
                assessment.preset.title,
                reasons.join(" ; ")
            );
        }
    }

    text += "\n### Services non mesurés ici\n\nIls demandent un compte, une clé payante ou un processeur graphique. \
             Aucune borne connue n’est franchie ; rien ne permet de les recommander avant de les avoir mesurés sur le même jeu.\n\n";
    for assessment in assessments {
        if assessment.verdict == Verdict::NotMeasured {
            let _ = writeln!(
                text,
                "- **{}** : note {} sur les {} du poids qui sont connus. Avantages : {}. Inconvénients : {}.",
                assessment.preset.title,
                decimal(assessment.grade),
                percent(assessment.known_weight),
                assessment.preset.advantages.join(" ; "),
                assessment.preset.drawbacks.join(" ; ")
            );
        }
    }

    text += "\n### Ce qui changerait la conclusion\n\nÉcrit avant les mesures :\n\n";
    for finding in &protocol.conclusion.would_change {
        let _ = writeln!(text, "- {finding}");
    }
    text
}

fn studied(presets: &Presets) -> String {
    let mut text = "<!-- Preuve principale: C7.2 les services étudiés et les services non étudiés [code : data/providers.toml#service] -->\n## Services étudiés\n\n\
        | Service | Modèle | Où va le texte | Droit et contrat |\n| --- | --- | --- | --- |\n".to_owned();
    for preset in &presets.services {
        let place = match preset.hosting {
            Hosting::InProcess => "il reste dans le programme",
            Hosting::OurMachines => "une machine à nous",
            Hosting::EuropeanUnion => "Union européenne",
            Hosting::Elsewhere => "hors de l’Union européenne",
        };
        let _ = writeln!(
            text,
            "| {} | `{}` | {place} | {} |",
            preset.title, preset.model, preset.law
        );
    }

    text += "\n<!-- Preuve principale: C7.3 la raison d’écarter chaque service non étudié [code : data/providers.toml#unstudied] -->\n## Services non étudiés\n\n\
             | Service | Raison |\n| --- | --- |\n";
    for left_out in &presets.unstudied {
        let _ = writeln!(text, "| {} | {} |", left_out.title, left_out.why);
    }
    text
}

fn fitness(assessments: &[Assessment<'_>], protocol: &BenchmarkProtocol) -> String {
    let mut text = "<!-- Preuve principale: C7.4 l’adéquation de chaque service, mesurée par ensemble fonctionnel demandé [code : crates/providers/src/benchmark/figures.rs#measure] -->\n## Adéquation par ensemble fonctionnel\n\n\
        Une abstention ou un échec compte comme une erreur, sauf là où s’abstenir est juste.\n".to_owned();

    for task in &protocol.tasks {
        let _ = write!(
            text,
            "\n### {}\n\nMesure : {}. Textes : {}.\n\n| Service | Textes | Exactitude | Macro-F1 |\n| --- | --- | --- | --- |\n",
            task.title,
            task.metric,
            task.groups.join(", ")
        );
        for assessment in assessments {
            let figures = assessment
                .figures
                .and_then(|figures| figures.tasks.get(&task.name));
            let _ = match figures {
                Some(figures) => writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    assessment.preset.title,
                    figures.texts,
                    percent(figures.accuracy),
                    decimal(figures.macro_f1)
                ),
                None => writeln!(
                    text,
                    "| {} | non mesuré | non mesuré | non mesuré |",
                    assessment.preset.title
                ),
            };
        }
    }
    text
}

fn groups(assessments: &[Assessment<'_>]) -> String {
    let mut text = "## Par groupe de textes, sur la catégorie\n\n\
        | Service | Groupe | Textes | Exactitude | Abstentions | Échecs |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();

    for assessment in assessments {
        for (name, group) in assessment
            .figures
            .iter()
            .flat_map(|figures| &figures.groups)
        {
            let _ = writeln!(
                text,
                "| {} | {name} | {} | {} | {} | {} |",
                assessment.preset.title,
                group.texts,
                percent(group.accuracy),
                group.abstained,
                group.failed
            );
        }
    }
    text
}

fn grades(assessments: &[Assessment<'_>], protocol: &BenchmarkProtocol) -> String {
    let mut text = "## Notes\n\nNote = somme des poids × la note de chaque critère. Une case vide de mesure vaut « inconnu ».\n\n| Critère | Poids |".to_owned();
    for assessment in assessments {
        let _ = write!(text, " {} |", assessment.preset.title);
    }
    text += "\n| --- | --- |";
    text += &" --- |".repeat(assessments.len());
    text += "\n";

    for (index, criterion) in protocol.criteria.iter().enumerate() {
        let _ = write!(
            text,
            "| {} | {} |",
            criterion.title,
            decimal(criterion.weight)
        );
        for assessment in assessments {
            let value = assessment.values[index].map_or("inconnu".to_owned(), |value| {
                format!("{} ({})", decimal(value), decimal(criterion.grade(value)))
            });
            let _ = write!(text, " {value} |");
        }
        text += "\n";
    }

    let _ = write!(text, "| **Note** | 1 |");
    for assessment in assessments {
        let _ = write!(
            text,
            " {} sur {} |",
            decimal(assessment.grade),
            decimal(assessment.known_weight)
        );
    }
    text + "\n"
}

fn running(assessments: &[Assessment<'_>]) -> String {
    let mut text = "## Durées et jetons de modèle\n\nCes durées viennent d’une machine chargée d’autres travaux : elles comparent les services entre eux.\n\n\
        | Service | Médiane (s) | 95e centile (s) | Jetons lus | Jetons écrits | Échecs |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();

    for assessment in assessments {
        let Some(figures) = assessment.figures else {
            continue;
        };
        let failures: Vec<String> = figures
            .failures
            .iter()
            .map(|(reason, count)| format!("{count} `{reason}`"))
            .collect();
        let failures = if failures.is_empty() {
            "aucun".to_owned()
        } else {
            failures.join(", ")
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {failures} |",
            assessment.preset.title,
            decimal(figures.timings.p50_seconds),
            decimal(figures.timings.p95_seconds),
            decimal(figures.prompt_tokens),
            decimal(figures.completion_tokens),
        );
    }
    text
}

fn ecology(assessments: &[Assessment<'_>], input: PageInput<'_>) -> String {
    let energy = &input.protocol.energy;
    let mut text = format!(
        "<!-- Preuve principale: C7.5 la démarche éco-responsable de chaque service, et son énergie mesurée ou estimée [code : data/triage/ecologits.json] -->\n## Énergie, carbone et démarche éco-responsable\n\n\
         Énergie d’un processus à nous = temps de processeur × {} W par cœur ({}). Carbone = énergie × {} g par kWh ({}). \
         L’énergie des services d’autrui ne peut pas être mesurée d’ici : l’intervalle est celui d’EcoLogits.\n\n\
         | Service | Origine | Énergie de mille signalements (Wh) | Carbone (g CO2 éq.) | Ce que publie le fournisseur |\n| --- | --- | --- | --- | --- |\n",
        decimal(energy.watts_per_core),
        energy.watts_source,
        decimal(energy.grams_per_kwh),
        energy.grams_source
    );

    for assessment in assessments {
        let (origin, watt_hours, grams) = footprint(assessment, input);
        let _ = writeln!(
            text,
            "| {} | {origin} | {watt_hours} | {grams} | {} |",
            assessment.preset.title, assessment.preset.ecology
        );
    }
    text
}

/// Origin, energy and carbon of a thousand reports.
fn footprint(assessment: &Assessment<'_>, input: PageInput<'_>) -> (String, String, String) {
    let energy = &input.protocol.energy;
    let measured = assessment
        .figures
        .and_then(|figures| figures.timings.cpu_seconds);
    let interval = input
        .intervals
        .iter()
        .find(|interval| interval.service == assessment.preset.name);
    let between = |low: f64, high: f64| format!("{} à {}", decimal(low), decimal(high));

    match (measured, interval) {
        (Some(seconds), _) => (
            "mesuré".to_owned(),
            decimal(1000.0 * seconds * energy.watts_per_core / 3600.0),
            decimal(1000.0 * energy.grams(seconds)),
        ),
        (None, Some(interval)) => (
            format!(
                "EcoLogits {}, modèle {}, zone {}, {} jetons écrits",
                interval.version, interval.model, interval.zone, interval.output_tokens
            ),
            between(1e6 * interval.lowest_kwh, 1e6 * interval.highest_kwh),
            between(1e6 * interval.lowest_kg, 1e6 * interval.highest_kg),
        ),
        (None, None) => {
            let unknown = || "inconnu".to_owned();
            (unknown(), unknown(), unknown())
        }
    }
}

fn prerequisites(presets: &Presets) -> String {
    let mut text = "<!-- Preuve principale: C7.6 les contraintes techniques et les prérequis de chaque solution [code : data/providers.toml#service] -->\n## Contraintes techniques et prérequis\n".to_owned();

    for preset in &presets.services {
        let _ = write!(text, "\n### {}\n\n", preset.title);
        for prerequisite in &preset.prerequisites {
            let _ = writeln!(text, "- {prerequisite}");
        }
    }
    text
}

fn facts(presets: &Presets) -> String {
    let mut text =
        "## Sources\n\n| Service | Fait | Source | Lu le |\n| --- | --- | --- | --- |\n".to_owned();

    for preset in &presets.services {
        for fact in &preset.facts {
            let _ = writeln!(
                text,
                "| {} | {} | `{}` | {} |",
                preset.title, fact.says, fact.source, fact.read_on
            );
        }
    }
    text
}

fn percent(share: f64) -> String {
    format!("{:.0}\u{a0}%", 100.0 * share)
}

#[cfg(test)]
mod tests;
