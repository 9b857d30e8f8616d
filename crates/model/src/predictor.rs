//! A model version in memory.

use std::fs;
use std::path::{Path, PathBuf};

use filrouge_onnx_runtime::{Graph, PoolSize, Runtime, SessionError, SessionPool};
use filrouge_types::Hour;
use sha2::{Digest, Sha256};

use crate::bias_correction::BiasCorrection;
use crate::description::{Description, DescriptionError};
use crate::features::{FEATURE_COUNT, FEATURE_NAMES, Features};
use crate::history::History;
use crate::prediction::Prediction;
use crate::system_demand::Expected;

/// The signature of `model.onnx`.
const GRAPH: Graph<3> = Graph {
    input: "features",
    columns: FEATURE_COUNT,
    outputs: ["demand", "demand_p10", "demand_p90"],
};

/// A model version in memory: its description, and sessions that have predicted.
#[derive(Debug)]
pub struct Predictor {
    description: Description,
    sessions: SessionPool<3>,
}

/// A model version that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PredictorError {
    /// `model.json` is missing or wrong.
    #[error(transparent)]
    Description(#[from] DescriptionError),
    /// A file of the version cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The ONNX file is not the one that `model.json` describes: truncated, corrupt or replaced.
    #[error("`{}` has SHA-256 {found}, model.json says {expected}: the file is corrupt or belongs to another version", path.display())]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// Its hash.
        found: String,
        /// The hash in `model.json`.
        expected: String,
    },
    /// The model was trained on other features than this program computes.
    #[error(
        "model `{version}` expects other features than this program computes (first difference: {difference})"
    )]
    OtherFeatures {
        /// The version.
        version: String,
        /// First feature that differs.
        difference: String,
    },
    /// ONNX Runtime refuses the file.
    #[error("`{}` is not a model that ONNX Runtime can run: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// ONNX Runtime's message.
        reason: String,
    },
    /// The rows do not have the model's shape.
    #[error("{values} values are not rows of {FEATURE_COUNT} features")]
    Shape {
        /// Number of values that came.
        values: usize,
    },
    /// ONNX Runtime failed on a batch.
    #[error("the model could not be run: {0}")]
    Run(#[from] SessionError),
    /// The graph runs, and gives something else than a prediction for one row.
    #[error("the model does not answer one prediction to one row")]
    NoPrediction,
}

impl Predictor {
    /// Loads the version in `folder` (`model.onnx`, `model.json`) after checking its hash and its
    /// features, and has each session predict once: no client finds out that it cannot.
    ///
    /// # Errors
    /// [`PredictorError`] names the file and its defect.
    pub fn load(runtime: &Runtime, folder: &Path, size: PoolSize) -> Result<Self, PredictorError> {
        let description = Description::read(folder)?;

        // Read once, hashed and opened from memory: the file cannot change between the two.
        let path = folder.join("model.onnx");
        let onnx = fs::read(&path).map_err(|source| PredictorError::Read {
            path: path.clone(),
            source,
        })?;
        Self::open(runtime, description, &onnx, path, size)
    }

    /// The same from the content of `model.json` and of `model.onnx`, such as those of an archive
    /// whose signature was verified; errors name them as files of `folder`.
    ///
    /// # Errors
    /// As [`Predictor::load`].
    pub fn from_memory(
        runtime: &Runtime,
        (description, onnx): (&[u8], &[u8]),
        folder: &Path,
        size: PoolSize,
    ) -> Result<Self, PredictorError> {
        let description = Description::parse(folder.join("model.json"), description)?;
        Self::open(runtime, description, onnx, folder.join("model.onnx"), size)
    }

    fn open(
        runtime: &Runtime,
        description: Description,
        onnx: &[u8],
        path: PathBuf,
        size: PoolSize,
    ) -> Result<Self, PredictorError> {
        check_features(&description)?;
        check_hash(&path, onnx, &description.model_sha256)?;

        let sessions = SessionPool::open(runtime, onnx, GRAPH, size).map_err(|error| {
            PredictorError::Unusable {
                path,
                reason: error.to_string(),
            }
        })?;

        let first_answers = sessions.run_on_each(&Features::MISSING.to_array(), predictions)?;
        if first_answers.iter().any(|answer| answer.len() != 1) {
            return Err(PredictorError::NoPrediction);
        }

        Ok(Self {
            description,
            sessions,
        })
    }

    /// The content of `model.json`.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Predicts a batch. `rows` holds the rows one after the other, [`FEATURE_COUNT`] values each,
    /// in the order of [`FEATURE_NAMES`]; the answer has one prediction a row.
    ///
    /// # Errors
    /// [`PredictorError::Shape`], or [`PredictorError::Run`] with ONNX Runtime's message.
    pub fn predict(&self, rows: &[f32]) -> Result<Vec<Prediction>, PredictorError> {
        if !rows.len().is_multiple_of(FEATURE_COUNT) {
            return Err(PredictorError::Shape { values: rows.len() });
        }
        // ONNX Runtime refuses a tensor without a row.
        if rows.is_empty() {
            return Ok(Vec::new());
        }

        Ok(self.sessions.run(rows, predictions)?)
    }

    /// The system's expected demand over `history`, with the version's bias correction, to forecast
    /// the hours from `from` to `to` (not included).
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn expected(
        &self,
        history: &History,
        hours: (Hour, Hour),
    ) -> Result<Expected, PredictorError> {
        let expected = self.description.expected(history);
        let correction = self.bias_correction(history, &expected, hours)?;
        Ok(expected.with_correction(correction))
    }

    /// The correction that the version's last forecasts call for, to forecast the hours from `from`
    /// to `to` (not included); nothing when its strength is zero.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn bias_correction(
        &self,
        history: &History,
        expected: &Expected,
        hours: (Hour, Hour),
    ) -> Result<BiasCorrection, PredictorError> {
        // A power of zero multiplies by one: a week of forecasts would be made for nothing.
        if self.description.correction_strength == 0.0 {
            return Ok(BiasCorrection::default());
        }
        BiasCorrection::of_forecasts(history, expected, hours, |rows| self.predict(rows))
    }
}

/// Refuses the content of `path` unless its SHA-256 is the expected one.
fn check_hash(path: &Path, onnx: &[u8], expected: &str) -> Result<(), PredictorError> {
    let found = format!("{:x}", Sha256::digest(onnx));
    if found == expected {
        return Ok(());
    }

    Err(PredictorError::WrongHash {
        path: path.to_owned(),
        found,
        expected: expected.to_owned(),
    })
}

/// The outputs of [`GRAPH`], row by row.
fn predictions([demand, low, high]: [&[f32]; 3]) -> Vec<Prediction> {
    let interval = low.iter().zip(high);
    demand
        .iter()
        .zip(interval)
        .map(|(&demand, (&demand_p10, &demand_p90))| Prediction {
            demand,
            demand_p10,
            demand_p90,
        })
        .collect()
}

fn check_features(description: &Description) -> Result<(), PredictorError> {
    let theirs = &description.feature_names;
    let name =
        |names: &[&str], position: usize| names.get(position).unwrap_or(&"nothing").to_string();
    let theirs: Vec<&str> = theirs.iter().map(String::as_str).collect();

    let difference = (0..FEATURE_COUNT.max(theirs.len()))
        .map(|position| (name(&theirs, position), name(&FEATURE_NAMES, position)))
        .find(|(theirs, ours)| theirs != ours);

    match difference {
        None => Ok(()),
        Some((theirs, ours)) => Err(PredictorError::OtherFeatures {
            version: description.version.clone(),
            difference: format!("`{theirs}` for `{ours}`"),
        }),
    }
}
