//! The gates that a version passes before it serves: declared in `models/demand/gates.toml`, read
//! from there by all.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::{Evaluation, WindowStats};
use filrouge_model::{FEATURE_COUNT, Features, Predictor};
use filrouge_onnx_runtime::{PoolSize, Runtime};
use filrouge_types::Station;
use serde::{Deserialize, Serialize};

use crate::evaluate::{Measured, measure};
use crate::fidelity::Fidelity;

mod bootstrap;
mod leak;
mod random_split;
#[cfg(test)]
mod tests;

pub(crate) use leak::affine_share;

/// Runs of one row whose median is the latency.
const TIMED_RUNS: usize = 200;

/// The name of the file beside the versions.
pub const FILE_NAME: &str = "gates.toml";

/// What a version must show.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// Lowest skill against the better baseline.
    pub lowest_skill: f64,
    /// Lowest skill in the worst slice.
    pub worst_slice_skill: f64,
    /// Rows of the smallest slice that is judged.
    pub slice_rows: usize,
    /// Lowest and highest coverage of the 80 % interval.
    pub coverage: (f64, f64),
    /// Highest probability of erring more than the champion.
    pub most_likely_worse: f64,
    /// Draws of the bootstrap.
    pub bootstrap_draws: usize,
    /// Largest file, bytes.
    pub most_bytes: u64,
    /// Longest prediction of one row, microseconds.
    pub most_microseconds: u64,
    /// Largest relative difference between trainer and graph.
    pub fidelity: f64,
    /// Largest share of the target's variance that an affine combination of features reproduces.
    pub leak: f64,
}

/// What one gate says of a version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Its name, stable.
    pub gate: &'static str,
    /// What it demands, in French.
    pub demand: String,
    /// What was measured, in French.
    pub measured: String,
    /// Whether the version passes.
    pub passed: bool,
}

/// Where a version and what it is judged on are.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The folder of the version.
    pub model: &'a Path,
    /// The folder of the champion, when there is another.
    pub champion: Option<&'a Path>,
    /// What both may have learnt from.
    pub history: &'a Dataset,
    /// Hours after it.
    pub dataset: &'a Dataset,
    /// Where the stations stand, when it is known: districts are slices too.
    pub stations: &'a [Station],
    /// For the draws of the bootstrap.
    pub seed: u64,
}

impl Gates {
    /// Reads a file such as `models/demand/gates.toml`.
    ///
    /// # Errors
    /// A file that cannot be read, a gate that is missing or unknown.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        toml::from_str(&text)
            .with_context(|| format!("`{}` does not hold the gates", path.display()))
    }

    /// Judges a version on hours that it has not seen.
    ///
    /// # Errors
    /// A version that cannot be loaded, or a data set that begins before the version stopped
    /// learning.
    pub fn judge(&self, runtime: &Runtime, judged: &Judged<'_>) -> Result<Vec<Verdict>> {
        let predictor = Predictor::load(runtime, judged.model, PoolSize::SINGLE)?;
        let learnt_until = predictor.description().training.to;

        let first = judged
            .dataset
            .conditions
            .hour
            .iter()
            .min()
            .context("the data set to judge on has no row")?;

        ensure!(
            *first > learnt_until,
            "the version learnt until {learnt_until}: {first} is not unseen"
        );
        let mut measured = measure(&predictor, judged.history, judged.dataset)?;
        measured.add_districts(judged.stations);

        let mut verdicts = vec![
            self.baselines(&measured.evaluation),
            self.slices(&measured),
            self.interval(&measured.evaluation),
            self.size(judged.model)?,
            self.latency(&predictor)?,
            self.certificate(judged.model)?,
            self.data(judged.history),
            self.leaks(&measured),
            under_random_split(judged, &predictor, &measured)?,
        ];

        if let Some(champion) = judged.champion {
            let champion = measure(
                &Predictor::load(runtime, champion, PoolSize::SINGLE)?,
                judged.history,
                judged.dataset,
            )?;
            verdicts.push(self.champion(&measured.days, &champion.days, judged.seed));
        }

        Ok(verdicts)
    }

    fn baselines(&self, evaluation: &Evaluation) -> Verdict {
        let skill = evaluation.lowest_skill();
        Verdict {
            gate: "references",
            demand: format!(
                "erreur sous la meilleure référence d’au moins {}",
                percent(self.lowest_skill)
            ),
            measured: skill.map_or_else(|| "références sans erreur".to_owned(), percent),
            passed: skill.is_some_and(|skill| skill >= self.lowest_skill),
        }
    }

    fn slices(&self, measured: &Measured) -> Verdict {
        let judged = measured
            .slices
            .iter()
            .filter(|slice| slice.rows >= self.slice_rows);
        let worst = judged
            .filter_map(|slice| Some((slice, slice.skill()?)))
            .min_by(|a, b| a.1.total_cmp(&b.1));

        Verdict {
            gate: "tranches",
            demand: format!("aucune tranche sous {}", percent(self.worst_slice_skill)),
            measured: worst.map_or_else(
                || "aucune tranche assez grande".to_owned(),
                |(slice, skill)| format!("{} « {} » : {}", slice.kind, slice.name, percent(skill)),
            ),
            passed: worst.is_none_or(|(_, skill)| skill >= self.worst_slice_skill),
        }
    }

    fn interval(&self, evaluation: &Evaluation) -> Verdict {
        let (lowest, highest) = self.coverage;
        Verdict {
            gate: "couverture",
            demand: format!("entre {} et {}", percent(lowest), percent(highest)),
            measured: percent(evaluation.coverage_80),
            passed: (lowest..=highest).contains(&evaluation.coverage_80),
        }
    }

    fn size(&self, model: &Path) -> Result<Verdict> {
        let path = model.join("model.onnx");
        let bytes = fs::metadata(&path)
            .with_context(|| format!("cannot read `{}`", path.display()))?
            .len();
        let demand = format!("au plus {} octets", self.most_bytes);
        Ok(Verdict {
            gate: "taille",
            demand,
            measured: format!("{bytes} octets"),
            passed: bytes <= self.most_bytes,
        })
    }

    fn latency(&self, predictor: &Predictor) -> Result<Verdict> {
        let mut times = Vec::with_capacity(TIMED_RUNS);

        for _ in 0..TIMED_RUNS {
            let start = Instant::now();
            predictor.predict(&Features::MISSING.to_array())?;
            times.push(start.elapsed().as_micros());
        }

        times.sort_unstable();
        let median = times[TIMED_RUNS / 2];

        Ok(Verdict {
            gate: "latence",
            demand: format!("une ligne en au plus {} µs", self.most_microseconds),
            measured: format!("{median} µs"),
            passed: median <= u128::from(self.most_microseconds),
        })
    }

    fn certificate(&self, model: &Path) -> Result<Verdict> {
        let path = model.join("fidelity.json");
        let bytes = fs::read(&path)
            .with_context(|| format!("cannot read the certificate `{}`", path.display()))?;
        let fidelity: Fidelity = serde_json::from_slice(&bytes)
            .with_context(|| format!("`{}` is not a certificate", path.display()))?;

        Ok(Verdict {
            gate: "fidelite",
            demand: format!(
                "écart relatif entre l’entraîneur et ONNX d’au plus {:e}",
                self.fidelity
            ),
            measured: format!(
                "{:e} sur {} lignes",
                fidelity.largest_relative, fidelity.rows
            ),
            passed: fidelity.largest_relative <= self.fidelity,
        })
    }

    fn data(&self, history: &Dataset) -> Verdict {
        let stopped = crate::checks::require(history)
            .err()
            .map(|error| error.to_string());
        Verdict {
            gate: "donnees",
            demand: "les tests du jeu d’apprentissage passent".to_owned(),
            passed: stopped.is_none(),
            measured: stopped.unwrap_or_else(|| "aucune règle bloquante enfreinte".to_owned()),
        }
    }

    fn leaks(&self, measured: &Measured) -> Verdict {
        let share = affine_share(&measured.inputs, FEATURE_COUNT, &measured.truths);
        Verdict {
            gate: "fuite",
            demand: format!(
                "moins de {} de la cible reproduite par combinaison affine",
                percent(self.leak)
            ),
            measured: share.map_or_else(|| "cible constante".to_owned(), percent),
            passed: share.is_none_or(|share| share < self.leak),
        }
    }

    fn champion(&self, days: &[WindowStats], champion: &[WindowStats], seed: u64) -> Verdict {
        let worse = bootstrap::probability_of_worse(days, champion, self.bootstrap_draws, seed);
        Verdict {
            gate: "championne",
            demand: format!(
                "au plus {} de chances de se tromper davantage",
                percent(self.most_likely_worse)
            ),
            measured: percent(worse),
            passed: worse <= self.most_likely_worse,
        }
    }
}

/// A warning sign and no gate: hours drawn at random have smoothness_pairs in training, so the error is
/// lower there. The wider the gap, the more a score announced that way would lie.
fn under_random_split(
    judged: &Judged<'_>,
    predictor: &Predictor,
    measured: &Measured,
) -> Result<Verdict> {
    let at_random =
        random_split::relative_error(judged.history, predictor.description(), judged.seed)?;
    let text = |share: Option<f64>| share.map_or_else(|| "inconnue".to_owned(), percent);
    let (at_random, later) = (text(at_random), text(measured.evaluation.measures.wape));
    Ok(Verdict {
        gate: "hasard",
        demand: "signe à lire, jamais un score : l’erreur d’une séparation au hasard".to_owned(),
        measured: format!("erreur relative {at_random} au hasard, {later} sur les heures d’après"),
        passed: true,
    })
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share).replace('.', ",")
}
