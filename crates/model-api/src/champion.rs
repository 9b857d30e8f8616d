//! The model version in service.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use filrouge_model::champion::{self, ChampionError};
use filrouge_model::{
    Description, Expected, FEATURE_COUNT, Features, History, Prediction, Predictor, PredictorError,
    Runtime, TrackRecord,
};
use filrouge_types::Hour;

/// A version that was loaded and has predicted: one session for each worker, so that none waits for
/// another.
#[derive(Debug)]
pub(crate) struct Champion {
    version: String,
    time_zone: Tz,
    sessions: Vec<Predictor>,
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
    /// The version loads, and gives something else than a prediction for one row.
    #[error("model `{0}` does not answer one prediction to one row")]
    Mute(String),
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
        let open = |_| Predictor::load(runtime, folder, 1);
        let opened: Result<Vec<_>, _> = (0..workers.max(1)).map(open).collect();
        let unusable = |source| ReloadError::Unusable {
            version: version.clone(),
            source,
        };
        let sessions = opened.map_err(unusable)?;

        for session in &sessions {
            // A real prediction, so that the first request of a client is not the one that finds
            // out.
            if session
                .predict(&Features::MISSING.to_array())
                .map_err(unusable)?
                .len()
                != 1
            {
                return Err(ReloadError::Mute(version));
            }
        }

        let time_zone = sessions[0].description().time_zone();

        Ok(Self {
            version,
            time_zone,
            sessions,
        })
    }

    /// A version that cannot predict, for what goes wrong before it has to.
    #[cfg(test)]
    pub(crate) fn without_sessions() -> Self {
        Self {
            version: "without-sessions".to_owned(),
            time_zone: Tz::UTC,
            sessions: Vec::new(),
        }
    }

    /// The version's name.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// What `model.json` says of it.
    pub(crate) fn description(&self) -> &Description {
        self.sessions[0].description()
    }

    /// The zone whose clocks give the features their hour of the day.
    pub(crate) fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// What its forecasts were worth lately; see [`Predictor::record`].
    pub(crate) fn record(
        &self,
        history: &History,
        expected: &Expected,
        hours: (Hour, Hour),
    ) -> Result<TrackRecord, PredictorError> {
        self.sessions[0].record(history, expected, hours)
    }

    /// Runs `rows` on the session of one worker.
    pub(crate) fn predict(
        &self,
        worker: usize,
        rows: &[f32],
    ) -> Result<Vec<Prediction>, PredictorError> {
        debug_assert!(rows.len().is_multiple_of(FEATURE_COUNT), "whole rows");
        self.sessions[worker % self.sessions.len()].predict(rows)
    }
}
