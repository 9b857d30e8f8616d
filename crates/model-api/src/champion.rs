//! The model version in service.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use filrouge_model::champion::{self, ChampionError};
use filrouge_model::{
    BiasCorrection, Description, Expected, FEATURE_COUNT, History, Prediction, Predictor,
    PredictorError,
};
use filrouge_onnx_runtime::{PoolSize, Runtime};
use filrouge_types::Hour;

/// A version that was loaded and has predicted: as many sessions as workers, so that none waits for
/// another.
#[derive(Debug)]
pub(crate) struct Champion {
    version: String,
    time_zone: Tz,
    predictor: Predictor,
}

/// Why a version was not put in service. The one that served goes on serving.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// No version is named, or the one named is not there.
    #[error(transparent)]
    Champion(#[from] ChampionError),
    /// The version cannot be loaded.
    #[error("model `{version}` cannot be put in service: {source}")]
    Unusable {
        /// The version.
        version: String,
        /// What is wrong with it.
        source: PredictorError,
    },
}

impl Champion {
    /// Loads the version that `models/champion` names, unless it is the one `in_service`.
    pub(crate) fn load_other_than(
        in_service: Option<&str>,
        models: &Path,
        runtime: &Runtime,
        workers: usize,
    ) -> Result<Option<Self>, ReloadError> {
        let version = champion::read(models)?;
        if in_service == Some(version.as_str()) {
            return Ok(None);
        }
        let folder: PathBuf = models.join(&version);
        Self::load(version, &folder, runtime, workers).map(Some)
    }

    /// Loads any version of `models`, champion or not.
    pub(crate) fn load_version(
        version: &str,
        models: &Path,
        runtime: &Runtime,
        workers: usize,
    ) -> Result<Self, ReloadError> {
        let folder = champion::folder_of(models, version)?;
        Self::load(version.to_owned(), &folder, runtime, workers)
    }

    fn load(
        version: String,
        folder: &Path,
        runtime: &Runtime,
        workers: usize,
    ) -> Result<Self, ReloadError> {
        let size = PoolSize {
            sessions: workers,
            threads: 1,
        };

        match Predictor::load(runtime, folder, size) {
            Ok(predictor) => Ok(Self {
                version,
                time_zone: predictor.description().time_zone(),
                predictor,
            }),
            Err(source) => Err(ReloadError::Unusable { version, source }),
        }
    }

    /// The version's name.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// What `model.json` says of it.
    pub(crate) fn description(&self) -> &Description {
        self.predictor.description()
    }

    /// The zone whose clocks give the features their hour of the day.
    pub(crate) fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// Bias correction of its forecasts; see [`Predictor::bias_correction`].
    pub(crate) fn bias_correction(
        &self,
        history: &History,
        expected: &Expected,
        hours: (Hour, Hour),
    ) -> Result<BiasCorrection, PredictorError> {
        self.predictor.bias_correction(history, expected, hours)
    }

    /// Runs `rows` on a session that is free.
    pub(crate) fn predict(&self, rows: &[f32]) -> Result<Vec<Prediction>, PredictorError> {
        debug_assert!(rows.len().is_multiple_of(FEATURE_COUNT), "whole rows");
        self.predictor.predict(rows)
    }
}
