use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use filrouge_types::Hour;
use ort::session::Session;
use ort::value::TensorRef;
use sha2::{Digest, Sha256};

use crate::description::{Description, DescriptionError};
use crate::features::{FEATURE_COUNT, FEATURE_NAMES};
use crate::history::History;
use crate::law::Expected;
use crate::record::TrackRecord;
use crate::runtime::Runtime;

/// The outputs of the graph, in the order in which they are read.
pub(crate) const OUTPUTS: [&str; 3] = ["demand", "demand_p10", "demand_p90"];

/// A model version in memory: its description and one ONNX Runtime session.
#[derive(Debug)]
pub struct Predictor {
    description: Description,
    session: Mutex<Session>,
}

/// What the model says of one station's hour.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Prediction {
    /// Expected departures.
    pub demand: f32,
    /// Lower end of the 80 % interval.
    pub demand_p10: f32,
    /// Upper end of the 80 % interval.
    pub demand_p90: f32,
}

/// Why a model version cannot be used.
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
        /// How many values came.
        values: usize,
    },
    /// ONNX Runtime failed on a batch.
    #[error("the model could not be run: {0}")]
    Run(String),
}

impl Predictor {
    /// Loads the version in `folder` (`model.onnx`, `model.json`) after checking its hash and its
    /// features.
    ///
    /// `threads` is the number of threads of one run; 1 suits services, which run requests side by
    /// side.
    ///
    /// # Errors
    /// [`PredictorError`] names the file and what is wrong with it.
    pub fn load(runtime: &Runtime, folder: &Path, threads: usize) -> Result<Self, PredictorError> {
        let description = Description::read(folder)?;
        check_features(&description)?;
        let path = folder.join("model.onnx");
        let bytes = fs::read(&path).map_err(|source| PredictorError::Read {
            path: path.clone(),
            source,
        })?;

        let found = format!("{:x}", Sha256::digest(&bytes));
        if found != description.model_sha256 {
            return Err(PredictorError::WrongHash {
                path,
                found,
                expected: description.model_sha256,
            });
        }

        let session =
            open_session(runtime, &bytes, threads).map_err(|error| PredictorError::Unusable {
                path,
                reason: error.to_string(),
            })?;

        Ok(Self {
            description,
            session: Mutex::new(session),
        })
    }

    /// What `model.json` says.
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
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        run(&mut session, rows).map_err(|error| PredictorError::Run(error.to_string()))
    }

    /// What the version expects of the hours of `history`, its own record included, to forecast
    /// those from `from` to `to` (not included).
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn expected(
        &self,
        history: &History,
        hours: (Hour, Hour),
    ) -> Result<Expected, PredictorError> {
        let expected = self.description.expected(history);
        let record = self.record(history, &expected, hours)?;
        Ok(expected.with_record(record))
    }

    /// What the version's forecasts were worth lately, to forecast the hours from `from` to `to`
    /// (not included); nothing when it does not follow it.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub fn record(
        &self,
        history: &History,
        expected: &Expected,
        hours: (Hour, Hour),
    ) -> Result<TrackRecord, PredictorError> {
        if self.description.followed == 0.0 {
            return Ok(TrackRecord::default());
        }
        TrackRecord::of_forecasts(history, expected, hours, |rows| self.predict(rows))
    }
}

fn open_session(runtime: &Runtime, bytes: &[u8], threads: usize) -> ort::Result<Session> {
    let builder = Session::builder(runtime.environment())?;
    let mut builder = builder.with_intra_threads(threads.max(1))?;
    builder.commit_from_memory(bytes)
}

fn run(session: &mut Session, rows: &[f32]) -> ort::Result<Vec<Prediction>> {
    let input = TensorRef::from_array_view(([rows.len() / FEATURE_COUNT, FEATURE_COUNT], rows))?;
    let outputs = session.run(ort::inputs!["features" => input])?;
    let [demand, low, high] = OUTPUTS;
    let demand = outputs[demand].try_extract_tensor::<f32>()?.1;
    let low = outputs[low].try_extract_tensor::<f32>()?.1;
    let high = outputs[high].try_extract_tensor::<f32>()?.1;
    let interval = low.iter().zip(high);

    let predictions = demand
        .iter()
        .zip(interval)
        .map(|(&demand, (&demand_p10, &demand_p90))| Prediction {
            demand,
            demand_p10,
            demand_p90,
        });

    Ok(predictions.collect())
}

fn check_features(description: &Description) -> Result<(), PredictorError> {
    let ours = FEATURE_NAMES
        .iter()
        .map(|name| Some(*name))
        .chain(std::iter::repeat(None));
    let theirs = description
        .feature_names
        .iter()
        .map(|name| Some(name.as_str()))
        .chain(std::iter::repeat(None));
    let longest = FEATURE_COUNT.max(description.feature_names.len());
    match ours
        .zip(theirs)
        .take(longest)
        .find(|(ours, theirs)| ours != theirs)
    {
        None => Ok(()),
        Some((ours, theirs)) => Err(PredictorError::OtherFeatures {
            version: description.version.clone(),
            difference: format!(
                "`{}` for `{}`",
                theirs.unwrap_or("nothing"),
                ours.unwrap_or("nothing")
            ),
        }),
    }
}
