//! The quality gates that a version passes before it serves: declared in
//! `models/demand/gates.toml`, which every reader of a threshold reads.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use filrouge_dataset::Dataset;
use filrouge_model::Predictor;
use filrouge_onnx_runtime::{PoolSize, Runtime};
use filrouge_types::Station;

use crate::evaluate::measure;

mod bootstrap;
mod criteria;
mod leak;
mod random_split;
#[cfg(test)]
mod tests;
mod thresholds;
mod verdict;

pub use thresholds::{FILE_NAME, Gates};
pub use verdict::Verdict;

/// A version, and the hours that it is judged on.
#[derive(Debug, Clone, Copy)]
pub struct GateInputs<'a> {
    /// The folder of the version.
    pub model: &'a Path,
    /// The folder of the champion, when there is another.
    pub champion: Option<&'a Path>,
    /// The hours that both may have learnt from.
    pub history: &'a Dataset,
    /// Hours after it: the test set.
    pub dataset: &'a Dataset,
    /// Places of the stations, when they are known: districts are slices too.
    pub stations: &'a [Station],
    /// For the draws of the bootstrap.
    pub seed: u64,
}

impl Gates {
    /// Judges a version on hours that it has not seen.
    ///
    /// # Errors
    /// A version that cannot be loaded, or a data set that begins before the version stopped
    /// learning.
    pub fn judge(&self, runtime: &Runtime, inputs: &GateInputs<'_>) -> Result<Vec<Verdict>> {
        let &GateInputs {
            model,
            history,
            dataset,
            ..
        } = inputs;
        let predictor = Predictor::load(runtime, model, PoolSize::SINGLE)?;
        ensure_unseen(dataset, &predictor)?;

        let mut measured = measure(&predictor, history, dataset)?;
        measured.add_districts(inputs.stations);

        // In the order of the reports, which tests hold.
        let mut verdicts = vec![
            self.baselines(&measured.evaluation),
            self.slices(&measured.slices),
            self.interval(&measured.evaluation),
            self.size(model)?,
            self.latency(&predictor)?,
            self.certificate(model)?,
            criteria::data(history),
            self.leaks(&measured),
            criteria::random_split(history, &predictor, &measured.evaluation, inputs.seed)?,
        ];

        if let Some(champion) = inputs.champion {
            let champion = Predictor::load(runtime, champion, PoolSize::SINGLE)?;
            let champion = measure(&champion, history, dataset)?;
            verdicts.push(self.champion(&measured.days, &champion.days, inputs.seed));
        }

        Ok(verdicts)
    }
}

fn ensure_unseen(dataset: &Dataset, predictor: &Predictor) -> Result<()> {
    let first = dataset.conditions.hour.iter().min();
    let first = first.context("the data set to judge on has no row")?;
    let learnt_until = predictor.description().training.to;

    ensure!(
        *first > learnt_until,
        "the version learnt until {learnt_until}: {first} is not unseen"
    );

    Ok(())
}
