//! A model version in memory.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use filrouge_model::{
    BiasCorrection, Description, Expected, FEATURE_COUNT, History, Prediction, Predictor,
    PredictorError,
};
use filrouge_types::Hour;

/// A version that was loaded and has predicted: as many sessions as workers, so that none waits for
/// another.
#[derive(Debug)]
pub(crate) struct LoadedModel {
    version: String,
    folder: PathBuf,
    time_zone: Tz,
    predictor: Predictor,
}

impl LoadedModel {
    /// Version `version`, whose files are in `folder`.
    pub(crate) fn new(version: &str, folder: &Path, predictor: Predictor) -> Self {
        Self {
            version: version.to_owned(),
            folder: folder.to_owned(),
            time_zone: predictor.description().time_zone(),
            predictor,
        }
    }

    /// Name of the version.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Its card, when it has one.
    pub(crate) async fn card(&self) -> Option<String> {
        // A version written by another program may have no card.
        tokio::fs::read_to_string(self.folder.join("MODEL_CARD.md"))
            .await
            .ok()
    }

    /// Content of `model.json`.
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
