use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::evaluation::{DayQuality, Evaluation};
use crate::history::History;
use crate::law::{Expected, TotalLaw};

/// What `model.json` says of a model version: signature, lineage, measured quality, reference for
/// drift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Description {
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
    /// What it was trained on.
    pub training: TrainingWindow,
    /// SHA-256 of the rows of the data set, in hexadecimal.
    pub dataset_sha256: String,
    /// SHA-256 of `model.onnx`, in hexadecimal.
    pub model_sha256: String,
    /// Quality on hours after those it had learnt from (rolling origin), beside the baselines.
    pub evaluation: Evaluation,
    /// The same quality day by day: what a stable day looks like to whoever watches the model.
    #[serde(default)]
    pub rehearsed_days: Vec<DayQuality>,
    /// What the whole system is expected to count; absent when the history was too short to know.
    #[serde(default)]
    pub total_law: Option<TotalLaw>,
    /// How far a forecast follows what those of the days before missed: the power of
    /// `counted_over_forecast` that multiplies the usual demand, 0 (not at all) to 1.
    #[serde(default)]
    pub followed: f64,
    /// How each feature was distributed in training.
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

/// How a feature was distributed in training: shares between quantiles.
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

/// Why a description cannot be read.
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
        /// Where and why.
        source: serde_json::Error,
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
        serde_json::from_slice(&text).map_err(|source| DescriptionError::Parse { path, source })
    }

    /// What the version expects of the hours of `history`, for its features.
    pub fn expected(&self, history: &History) -> Expected {
        Expected::of(history, self.total_law.as_ref(), self.time_zone())
    }

    /// The model's time zone; UTC when the name is unknown to this program.
    pub fn time_zone(&self) -> chrono_tz::Tz {
        self.time_zone.parse().unwrap_or(chrono_tz::UTC)
    }
}
