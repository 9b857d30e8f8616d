//! The folder of the model's versions. All of it reads and writes files: call it away from the
//! threads of HTTP.

use std::path::PathBuf;
use std::sync::Arc;

use filrouge_model::PredictorError;
use filrouge_model::champion::{self, ChampionError};
use filrouge_onnx_runtime::Runtime;

use crate::loaded_model::LoadedModel;

/// Loads versions, and names the champion.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    pub(crate) folder: PathBuf,
    pub(crate) runtime: Runtime,
    /// Threads that will run a version together.
    pub(crate) workers: usize,
}

/// Content of the folder.
#[derive(Debug)]
pub(crate) struct Versions {
    pub(crate) champion: String,
    pub(crate) versions: Vec<String>,
    pub(crate) history: Vec<String>,
}

/// A version was not put in service. The one that served goes on serving.
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
        /// The reason.
        source: PredictorError,
    },
}

impl Registry {
    /// Name of the champion.
    pub(crate) fn champion(&self) -> Result<String, ChampionError> {
        champion::read(&self.folder)
    }

    /// The versions there are, the champion, and those that were.
    pub(crate) fn versions(&self) -> Result<Versions, ChampionError> {
        Ok(Versions {
            champion: self.champion()?,
            versions: champion::versions(&self.folder)?,
            history: champion::history(&self.folder)?,
        })
    }

    /// Names `version` champion.
    pub(crate) fn promote(&self, version: &str) -> Result<(), ChampionError> {
        champion::promote(&self.folder, version)
    }

    /// Names the champion before the present one again.
    pub(crate) fn roll_back(&self) -> Result<(), ChampionError> {
        champion::roll_back(&self.folder).map(drop)
    }

    /// Loads any version, champion or not.
    pub(crate) fn load(&self, version: &str) -> Result<Arc<LoadedModel>, ReloadError> {
        let folder = champion::folder_of(&self.folder, version)?;
        let loaded = LoadedModel::load(version, &folder, &self.runtime, self.workers);
        loaded
            .map(Arc::new)
            .map_err(|source| ReloadError::unusable(version, source))
    }

    /// Card of a version, when it has one.
    pub(crate) async fn model_card(&self, version: &str) -> Option<String> {
        // A version written by another program may have no card.
        let path = self.folder.join(version).join("MODEL_CARD.md");
        tokio::fs::read_to_string(path).await.ok()
    }
}

impl ReloadError {
    /// The version that `source` stops.
    pub(crate) fn unusable(version: &str, source: PredictorError) -> Self {
        Self::Unusable {
            version: version.to_owned(),
            source,
        }
    }
}
