//! `model.json`: signature, lineage, measured quality and reference of a model version.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use filrouge_types::Hour;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::evaluation::{Evaluation, WindowStats};
use crate::history::History;
use crate::system_demand::{Expected, SystemDemandModel};

#[cfg(test)]
mod tests;

/// The format of `model.json` that this program writes and reads. One is added whenever a key
/// changes its name or its meaning.
pub const FORMAT: u32 = 2;

/// The content of `model.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// [`FORMAT`].
    pub format: u32,
    /// Name of the model: `demand`.
    pub name: String,
    /// The version: last training day, then the start of a hash of everything that decides the
    /// bytes of the model.
    pub version: String,
    /// When it was trained.
    pub created_at: DateTime<Utc>,
    /// Version of the program that trained it.
    pub program_version: String,
    /// Commit of the program's source, when known.
    pub commit: Option<String>,
    /// Seed of the training.
    pub seed: u64,
    /// Number of trees.
    pub trees: usize,
    /// IANA name of the time zone whose clocks give the hour of the day.
    pub time_zone: String,
    /// Features, in the order of the input `features`, float32 `[N, F]`.
    pub feature_names: Vec<String>,
    /// The rows of its training.
    pub training: TrainingWindow,
    /// SHA-256 of the rows of the data set, in hexadecimal.
    pub dataset_sha256: String,
    /// SHA-256 of `model.onnx`, in hexadecimal.
    pub model_sha256: String,
    /// Quality on hours after those it had learnt from (backtest with a rolling origin), beside the
    /// baselines.
    pub evaluation: Evaluation,
    /// The same quality day by day, from which the control limits are drawn.
    pub backtest_days: Vec<WindowStats>,
    /// Regression of the system's demand; absent when the history was too short to fit one.
    pub system_demand: Option<SystemDemandModel>,
    /// The power of `counted_over_forecast` that multiplies the usual demand, 0 (no bias
    /// correction) to 1.
    pub correction_strength: f64,
    /// Distribution of each feature in training.
    pub reference: Vec<FeatureReference>,
}

/// The rows a model learnt from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingWindow {
    /// First hour.
    pub from: Hour,
    /// Last hour.
    pub to: Hour,
    /// Number of rows in the data set.
    pub rows: usize,
    /// Number of rows the trees were grown on, when a budget drew a sample.
    pub sampled_rows: usize,
    /// Number of stations.
    pub stations: usize,
}

/// Distribution of a feature in training: shares between quantiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureReference {
    /// The feature.
    pub name: String,
    /// Share of missing values, 0 to 1.
    pub missing_share: f64,
    /// Inner edges of the bins, increasing: bin `i` holds values below `edges[i]` and not below
    /// `edges[i - 1]`.
    pub edges: Vec<f32>,
    /// Share of the known values in each bin; one more than the edges, adding up to 1.
    pub shares: Vec<f64>,
}

/// A description that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// The file is missing or unreadable.
    #[error("cannot read the model description `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The file is not a description.
    #[error("`{}` is not a model description", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// The place and the reason.
        source: serde_json::Error,
    },
    /// The file was written by another version of the program.
    #[error(
        "`{}` has format {found}, this program reads format {FORMAT}: train a version again \
         (`cargo run -- train`, or `cargo xtask ci train` for the shipped one)",
        path.display()
    )]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its format; 1 where it names none.
        found: u32,
    },
}

impl Description {
    /// Reads `model.json` in the folder of a version.
    ///
    /// # Errors
    /// [`DescriptionError`] names the file.
    pub fn read(folder: &Path) -> Result<Self, DescriptionError> {
        let path = folder.join("model.json");
        let text = fs::read(&path).map_err(|source| DescriptionError::Read {
            path: path.clone(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// Reads the content of a `model.json`, which errors name by its `path`.
    ///
    /// # Errors
    /// As [`Description::read`].
    pub fn parse(path: PathBuf, text: &[u8]) -> Result<Self, DescriptionError> {
        // The format first: keys of another one would be told as missing, without the way out.
        match parse::<Format>(&path, text)?.format {
            FORMAT => parse(&path, text),
            found => Err(DescriptionError::OtherFormat { path, found }),
        }
    }

    /// The system's expected demand over the hours of `history`, for the version's features.
    pub fn expected(&self, history: &History) -> Expected {
        Expected::of(history, self.system_demand.as_ref(), self.time_zone())
    }

    /// The model's time zone; UTC when the name is unknown to this program.
    pub fn time_zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }
}

/// The one key that every format has, but the first.
#[derive(Deserialize)]
struct Format {
    #[serde(default = "first_format")]
    format: u32,
}

fn first_format() -> u32 {
    1
}

fn parse<T: DeserializeOwned>(path: &Path, text: &[u8]) -> Result<T, DescriptionError> {
    serde_json::from_slice(text).map_err(|source| DescriptionError::Parse {
        path: path.to_owned(),
        source,
    })
}
