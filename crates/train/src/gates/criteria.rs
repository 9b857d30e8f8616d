use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::{Evaluation, WindowStats};
use filrouge_model::{FEATURE_COUNT, Features, Predictor};

use super::bootstrap::probability_of_worse;
use super::leak::affine_share;
use super::random_split::relative_error;
use super::thresholds::Gates;
use super::verdict::Verdict;
use crate::data_tests;
use crate::evaluate::SlicedEvaluation;
use crate::fidelity::Fidelity;
use crate::slices::Slice;

/// Predictions of one row whose median is the latency: a mean would follow the slowest.
const TIMED_RUNS: usize = 200;

impl Gates {
    /// `1 − MAE / MAE of the better baseline` is high enough.
    pub(super) fn baselines(&self, evaluation: &Evaluation) -> Verdict {
        let skill = evaluation.lowest_skill();

        Verdict {
            gate: "references",
            requirement: format!(
                "erreur sous la meilleure référence d’au moins {}",
                percent(self.lowest_skill)
            ),
            measured: skill.map_or_else(|| "références sans erreur".to_owned(), percent),
            // Baselines that never err leave nothing to win: such a data set proves nothing.
            passed: skill.is_some_and(|skill| skill >= self.lowest_skill),
        }
    }

    /// The same in the worst slice that is large enough.
    pub(super) fn slices(&self, slices: &[Slice]) -> Verdict {
        let large = slices.iter().filter(|slice| slice.rows >= self.slice_rows);
        let worst = large
            .filter_map(|slice| Some((slice, slice.skill()?)))
            .min_by(|a, b| a.1.total_cmp(&b.1));

        let named = |(slice, skill): (&Slice, f64)| {
            format!("{} « {} » : {}", slice.kind, slice.name, percent(skill))
        };

        Verdict {
            gate: "tranches",
            requirement: format!("aucune tranche sous {}", percent(self.worst_slice_skill)),
            measured: worst.map_or_else(|| "aucune tranche assez grande".to_owned(), named),
            // Without a large slice there is nothing to refuse: small ones err by chance.
            passed: worst.is_none_or(|(_, skill)| skill >= self.worst_slice_skill),
        }
    }

    /// The 80 % interval holds about 80 % of the counts.
    pub(super) fn interval(&self, evaluation: &Evaluation) -> Verdict {
        let (lowest, highest) = self.coverage;

        Verdict {
            gate: "couverture",
            requirement: format!("entre {} et {}", percent(lowest), percent(highest)),
            measured: percent(evaluation.coverage_80),
            passed: (lowest..=highest).contains(&evaluation.coverage_80),
        }
    }

    pub(super) fn size(&self, model: &Path) -> Result<Verdict> {
        let path = model.join("model.onnx");
        let metadata =
            fs::metadata(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let bytes = metadata.len();

        Ok(Verdict {
            gate: "taille",
            requirement: format!("au plus {} octets", self.most_bytes),
            measured: format!("{bytes} octets"),
            passed: bytes <= self.most_bytes,
        })
    }

    pub(super) fn latency(&self, predictor: &Predictor) -> Result<Verdict> {
        let median = median_microseconds(predictor)?;

        Ok(Verdict {
            gate: "latence",
            requirement: format!("une ligne en au plus {} µs", self.most_microseconds),
            measured: format!("{median} µs"),
            passed: median <= u128::from(self.most_microseconds),
        })
    }

    /// The graph answers as the trainer did, says the certificate beside it.
    pub(super) fn certificate(&self, model: &Path) -> Result<Verdict> {
        let path = model.join("fidelity.json");
        let bytes = fs::read(&path)
            .with_context(|| format!("cannot read the certificate `{}`", path.display()))?;
        let Fidelity {
            largest_relative,
            rows,
            ..
        } = serde_json::from_slice(&bytes)
            .with_context(|| format!("`{}` is not a certificate", path.display()))?;

        Ok(Verdict {
            gate: "fidelite",
            requirement: format!(
                "écart relatif entre l’entraîneur et ONNX d’au plus {:e}",
                self.fidelity
            ),
            measured: format!("{largest_relative:e} sur {rows} lignes"),
            passed: largest_relative <= self.fidelity,
        })
    }

    /// No affine combination of the features gives the answer away.
    pub(super) fn leaks(&self, measured: &SlicedEvaluation) -> Verdict {
        let share = affine_share(&measured.inputs, FEATURE_COUNT, &measured.actual);

        Verdict {
            gate: "fuite",
            requirement: format!(
                "moins de {} de la cible reproduite par combinaison affine",
                percent(self.leak)
            ),
            measured: share.map_or_else(|| "cible constante".to_owned(), percent),
            passed: share.is_none_or(|share| share < self.leak),
        }
    }

    /// The challenger probably errs no more than the champion.
    pub(super) fn champion(
        &self,
        days: &[WindowStats],
        champion: &[WindowStats],
        seed: u64,
    ) -> Verdict {
        let worse = probability_of_worse(days, champion, self.bootstrap_draws, seed);

        Verdict {
            gate: "championne",
            requirement: format!(
                "au plus {} de chances de se tromper davantage",
                percent(self.most_likely_worse)
            ),
            measured: percent(worse),
            passed: worse <= self.most_likely_worse,
        }
    }
}

/// The training set passes its tests.
pub(super) fn data(history: &Dataset) -> Verdict {
    let stopped = data_tests::require(history).err();

    Verdict {
        gate: "donnees",
        requirement: "les tests du jeu d’entraînement passent".to_owned(),
        passed: stopped.is_none(),
        measured: stopped.map_or_else(
            || "aucune règle bloquante enfreinte".to_owned(),
            |error| error.to_string(),
        ),
    }
}

/// Shows the error of a random split, and always passes: hours drawn at random have neighbours in
/// training, so the error is lower there. The wider the gap, the more a score announced that way
/// would lie.
pub(super) fn random_split(
    history: &Dataset,
    predictor: &Predictor,
    evaluation: &Evaluation,
    seed: u64,
) -> Result<Verdict> {
    let at_random = relative_error(history, predictor.description(), seed)?;
    let text = |share: Option<f64>| share.map_or_else(|| "inconnue".to_owned(), percent);
    let (at_random, later) = (text(at_random), text(evaluation.measures.wape));

    Ok(Verdict {
        gate: "hasard",
        requirement: "signe à lire, jamais un score : l’erreur d’une séparation au hasard"
            .to_owned(),
        measured: format!("erreur relative {at_random} au hasard, {later} sur les heures d’après"),
        passed: true,
    })
}

fn median_microseconds(predictor: &Predictor) -> Result<u128> {
    let row = Features::MISSING.to_array();
    let mut times = Vec::with_capacity(TIMED_RUNS);

    for _ in 0..TIMED_RUNS {
        let start = Instant::now();
        predictor.predict(&row)?;
        times.push(start.elapsed().as_micros());
    }

    times.sort_unstable();
    Ok(times[TIMED_RUNS / 2])
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share).replace('.', ",")
}
