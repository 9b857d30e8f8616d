//! The criteria of the proof of concept beside what was measured, and the go or no-go that follows.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Document, declared};
use crate::bench::Measurements;
use crate::docs::blocks;
use crate::files;

const LIST: &str = "data/framing/proof_of_concept.toml";
const PAGE: &str = "docs/cadrage/preuve-de-concept.md";

/// The command that plays pre-production, once it is there.
const PRE_PRODUCTION: &str = "tests/pre-production/run";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofOfConcept {
    criterion: Vec<ConceptCriterion>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConceptCriterion {
    id: String,
    title: String,
    #[serde(default)]
    unit: String,
    blocks: Option<Blocked>,
    measure: Option<Threshold>,
    played: Option<PlayedBy>,
}

/// The work that a criterion which does not hold prevents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Blocked {
    /// Any further work.
    Developpement,
    /// The opening to riders.
    Production,
}

/// A figure of the measurements and its bounds, both included.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Threshold {
    key: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

/// A command that plays the criterion, and the file without which it cannot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlayedBy {
    command: String,
    file: String,
}

/// The three states of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Holds,
    NotPlayed,
    DoesNotHold,
}

/// The page with its criteria and its conclusion.
pub(super) fn document(root: &Path) -> Result<Document> {
    let ProofOfConcept { criterion } = declared(root, LIST)?;
    let measurements = Measurements::read(root)?;
    let exists = |path: &str| root.join(path).exists();

    let block = results(&criterion, &|key| measurements.figure(key), &exists);
    let measured = format!(
        "{block}\nMesures : commit `{}`, sur la machine que nomme [la page des mesures](../benchmarks.md).\n",
        measurements.commit()
    );
    let in_page = || format!("in `{PAGE}`");
    let text =
        blocks::replace(&files::read(root, PAGE)?, "résultats", &measured).with_context(in_page)?;
    let text =
        blocks::replace(&text, "pré-production", &pre_production(&exists)).with_context(in_page)?;
    Ok(Document {
        path: PAGE.to_owned(),
        text,
    })
}

/// Where the proof of concept is seen in pre-production, or that it is not there yet.
fn pre_production(exists: &dyn Fn(&str) -> bool) -> String {
    if !exists(PRE_PRODUCTION) {
        return "\n## En pré-production\n\nLa pré-production de la [livraison continue](../glossaire.md) monte les mêmes programmes dans des conteneurs. Elle n’est pas encore dans le dépôt\u{a0}: la spécification ST-14 la dit ouverte, et l’avis en tient compte.\n".to_owned();
    }
    format!(
        "\n<!-- Preuve principale: C15.4 la preuve de concept fonctionne en pré-production, dans les conteneurs livrés, et ses pages s’ouvrent [commande : {PRE_PRODUCTION}] [code : {PRE_PRODUCTION}] -->\n## En pré-production\n\nLa pré-production de la [livraison continue](../glossaire.md) monte les mêmes programmes dans les conteneurs livrés, sur une seule machine, le temps d’une vérification\u{a0}:\n\n```sh\n{PRE_PRODUCTION}\n```\n\nLa commande dit ce qu’elle demande à la machine, démarre le cas entier, ouvre les pages comme le ferait une personne, puis éteint tout. Sans un outil, elle dit qu’elle n’est pas jouée.\n"
    )
}

fn results(
    criteria: &[ConceptCriterion],
    figure: &dyn Fn(&str) -> Option<f64>,
    exists: &dyn Fn(&str) -> bool,
) -> String {
    let mut text = "\n## Les résultats\n\n| Numéro | Critère | Seuil | Empêche | Constaté | Rempli |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();

    for criterion in criteria {
        let ConceptCriterion { id, title, .. } = criterion;
        let (threshold, seen) = (criterion.threshold(), criterion.seen(figure, exists));
        let held = match criterion.outcome(figure, exists) {
            Verdict::Holds if criterion.played.is_some() => "oui, tant que la commande réussit",
            Verdict::Holds => "oui",
            Verdict::NotPlayed => "pas encore joué",
            Verdict::DoesNotHold => "non",
        };
        let blocks = criterion.blocks.map_or("rien : informe", Blocked::french);

        let _ = writeln!(
            text,
            "| {id} | {title} | {threshold} | {blocks} | {seen} | {held} |"
        );
    }

    text + &conclusion(criteria, figure, exists)
}

/// A clear opinion: the work that may go on, and the work that waits for a criterion.
fn conclusion(
    criteria: &[ConceptCriterion],
    figure: &dyn Fn(&str) -> Option<f64>,
    exists: &dyn Fn(&str) -> bool,
) -> String {
    let failing = |blocked: Blocked| {
        let own = criteria
            .iter()
            .filter(move |one| one.blocks == Some(blocked));
        let failing = own.filter(|one| one.outcome(figure, exists) != Verdict::Holds);
        failing
            .map(|one| one.id.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (further, opening) = (
        failing(Blocked::Developpement),
        failing(Blocked::Production),
    );

    let further = match further.as_str() {
        "" => "**Go** pour la suite du projet : tous les critères qui empêchent le développement sont remplis.".to_owned(),
        failing => format!("**No-go** : {failing} ne sont pas remplis, et empêchent la suite du projet."),
    };
    let opening = match opening.as_str() {
        "" if further.starts_with("**Go") => "**Go** pour la mise en service auprès d’un petit groupe de cyclistes, après trois mois de vraies collectes.".to_owned(),
        "" => "**No-go** pour la mise en service, par conséquent.".to_owned(),
        failing => format!("**No-go** pour la mise en service, tant que {failing} n’est pas rempli."),
    };
    format!("\n## L’avis\n\n- {further}\n- {opening}\n")
}

impl Blocked {
    fn french(self) -> &'static str {
        match self {
            Self::Developpement => "la suite du projet",
            Self::Production => "la mise en service",
        }
    }
}

impl ConceptCriterion {
    fn outcome(
        &self,
        figure: &dyn Fn(&str) -> Option<f64>,
        exists: &dyn Fn(&str) -> bool,
    ) -> Verdict {
        if let Some(played) = &self.played {
            return if exists(&played.file) {
                Verdict::Holds
            } else {
                Verdict::NotPlayed
            };
        }

        let Some(bounds) = &self.measure else {
            return Verdict::NotPlayed;
        };

        match figure(&bounds.key) {
            None => Verdict::NotPlayed,
            Some(value) if bounds.hold(value) => Verdict::Holds,
            Some(_) => Verdict::DoesNotHold,
        }
    }

    fn threshold(&self) -> String {
        let Some(Threshold {
            at_least, at_most, ..
        }) = &self.measure
        else {
            return "joué sans échec".to_owned();
        };
        let unit = &self.unit;
        match (at_least, at_most) {
            (Some(low), Some(high)) => format!("de {low} à {high} {unit}"),
            (Some(low), None) => format!("au moins {low} {unit}"),
            (None, Some(high)) => format!("au plus {high} {unit}"),
            (None, None) => "aucun".to_owned(),
        }
        .trim_end()
        .to_owned()
    }

    /// The figure, or the command that plays the criterion.
    fn seen(&self, figure: &dyn Fn(&str) -> Option<f64>, exists: &dyn Fn(&str) -> bool) -> String {
        if let Some(PlayedBy { command, file }) = &self.played {
            return if exists(file) {
                format!("joué par `{command}`")
            } else {
                "rien à jouer encore".to_owned()
            };
        }

        let value = self.measure.as_ref().and_then(|bounds| figure(&bounds.key));
        value.map_or_else(
            || "jamais mesuré".to_owned(),
            |value| {
                format!("{value:.2} {}", self.unit)
                    .replace('.', ",")
                    .trim_end()
                    .to_owned()
            },
        )
    }
}

impl Threshold {
    fn hold(&self, value: f64) -> bool {
        self.at_least.is_none_or(|low| value >= low)
            && self.at_most.is_none_or(|high| value <= high)
    }
}

#[cfg(test)]
mod tests;
