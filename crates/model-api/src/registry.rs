//! The folder of the model's versions. All of it reads and writes files: call it away from the
//! threads of HTTP.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use filrouge_artifacts::{ModelRelease, ReleaseError, TrustedKey};
use filrouge_model::champion::{self, ChampionError};
use filrouge_model::{Predictor, PredictorError};
use filrouge_onnx_runtime::{PoolSize, Runtime};

use crate::loaded_model::LoadedModel;

/// Loads versions, and names the champion.
#[derive(Debug, Clone)]
pub(crate) struct Registry {
    pub(crate) folder: PathBuf,
    /// Versions that serve when none of `folder` can: only read.
    pub(crate) shipped: Option<PathBuf>,
    /// The key that has to have signed them.
    pub(crate) trusted_key: Option<TrustedKey>,
    pub(crate) runtime: Runtime,
    /// Threads that will run a version together.
    pub(crate) workers: usize,
}

/// Content of the folder.
#[derive(Debug)]
pub(crate) struct Versions {
    pub(crate) champion: Option<String>,
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
    /// The version is not the one that the trusted key signed.
    #[error("model `{version}` is not put in service: {source}")]
    Untrusted {
        /// The version.
        version: String,
        /// The reason.
        source: ReleaseError,
    },
    /// There is nothing yet to compare a canary with.
    #[error("no champion answers yet: a canary has nothing to be compared with")]
    NothingToCompare,
}

impl Registry {
    /// Name of the champion.
    pub(crate) fn champion(&self) -> Result<String, ChampionError> {
        champion::read(&self.folder)
    }

    /// The versions there are, the champion that is named, and those that served.
    pub(crate) fn versions(&self) -> Result<Versions, ChampionError> {
        let champion = self.champion();
        Ok(Versions {
            champion: champion.ok(),
            // A state that has trained nothing yet has no folder.
            versions: if self.folder.is_dir() {
                champion::versions(&self.folder)?
            } else {
                Vec::new()
            },
            history: champion::history(&self.folder)?,
        })
    }

    /// Names `version` champion.
    pub(crate) fn promote(&self, version: &str) -> Result<(), ChampionError> {
        champion::promote(&self.folder, version)
    }

    /// Leaves the champion for `version`, for good.
    pub(crate) fn roll_back(&self, version: &str) -> Result<(), ChampionError> {
        champion::roll_back(&self.folder, version)
    }

    /// The versions to which a rollback may go back, the nearest first.
    pub(crate) fn before(&self) -> Result<Vec<String>, ChampionError> {
        champion::before(&self.folder)
    }

    /// Adds a version that answers to the history; one that only stands in, or is not of this
    /// folder, is no part of it.
    pub(crate) fn record_service(&self, version: &str) {
        let is_champion = self.champion().is_ok_and(|champion| champion == version);
        if is_champion && let Err(error) = champion::record_service(&self.folder, version) {
            // It serves all the same; a rollback will not find it.
            tracing::error!(%error, version, "the history of versions cannot be written");
        }
    }

    /// True when this folder was never asked to serve anything.
    pub(crate) fn is_new(&self) -> bool {
        let named = matches!(self.champion(), Err(ChampionError::Missing(_)));
        named && champion::history(&self.folder).is_ok_and(|history| history.is_empty())
    }

    /// Loads any version, champion or not.
    pub(crate) fn load(&self, version: &str) -> Result<Arc<LoadedModel>, ReloadError> {
        let folder = champion::folder_of(&self.folder, version)?;
        self.load_from(version, &folder)
    }

    /// Loads a version that can serve in place of a champion that cannot: the last one that
    /// served, else one before it, else the one that is shipped.
    pub(crate) fn load_stand_in(&self) -> Option<Arc<LoadedModel>> {
        let served = champion::last_served(&self.folder).unwrap_or_default();
        served
            .iter()
            .find_map(|version| self.load(version).ok())
            .or_else(|| self.load_shipped().ok())
    }

    fn load_shipped(&self) -> Result<Arc<LoadedModel>, ReloadError> {
        let folder = self.shipped.as_deref().unwrap_or(&self.folder);
        let version = champion::read(folder)?;
        self.load_from(&version, &folder.join(&version))
    }

    fn load_from(&self, version: &str, folder: &Path) -> Result<Arc<LoadedModel>, ReloadError> {
        let predictor = match &self.trusted_key {
            None => Predictor::load(&self.runtime, folder, self.pool_size()),
            Some(key) => self.open(&signed(version, folder, key)?, folder),
        };
        let predictor = predictor.map_err(|source| ReloadError::unusable(version, source))?;

        Ok(Arc::new(LoadedModel::new(version, folder, predictor)))
    }

    /// Opens the very bytes whose signature was verified.
    fn open(&self, release: &ModelRelease, folder: &Path) -> Result<Predictor, PredictorError> {
        // A release has both.
        let part = |name| release.part(name).unwrap_or_default();
        let files = (part("model.json"), part("model.onnx"));
        Predictor::from_memory(&self.runtime, files, folder, self.pool_size())
    }

    fn pool_size(&self) -> PoolSize {
        PoolSize {
            sessions: self.workers,
            // The workers are the parallelism.
            threads: 1,
        }
    }
}

/// The version in `folder`, once its bytes are known to be those that the key signed.
fn signed(version: &str, folder: &Path, key: &TrustedKey) -> Result<ModelRelease, ReloadError> {
    ModelRelease::of_folder(folder, key).map_err(|source| ReloadError::Untrusted {
        version: version.to_owned(),
        source,
    })
}

impl ReloadError {
    /// True when a version was refused for its content.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Unusable { .. } | Self::Untrusted { .. })
    }

    /// The version that `source` stops.
    pub(crate) fn unusable(version: &str, source: PredictorError) -> Self {
        Self::Unusable {
            version: version.to_owned(),
            source,
        }
    }
}
