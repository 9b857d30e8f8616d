use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use filrouge_storage::replace_file;
use serde::{Deserialize, Serialize};

use crate::city::City;
use crate::defects::DefectRates;
use crate::incidents::Incident;

/// The description of the files in a folder. It is written last: files without it are written
/// again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// Changes when the same seed gives another city.
    version: u32,
    seed: u64,
    rates: DefectRates,
    #[serde(default)]
    incidents: Vec<Incident>,
    /// Months that began before this instant were whole.
    pub(super) published_until: DateTime<Utc>,
}

/// To be raised when the simulation changes.
const VERSION: u32 = 4;

const FILE: &str = "city.json";

impl Stamp {
    pub(super) fn new(city: &City, published_until: DateTime<Utc>) -> Self {
        Self {
            version: VERSION,
            seed: city.seed().0,
            rates: city.rates(),
            incidents: city.world().incidents.clone(),
            published_until,
        }
    }

    /// The stamp in `folder`; none, or one that cannot be read, means that the files are to be
    /// written again.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()
    }

    pub(super) fn is_same_city(&self, other: &Self) -> bool {
        let identity = |stamp: &Self| (stamp.version, stamp.seed, stamp.rates);
        identity(self) == identity(other) && self.incidents == other.incidents
    }

    /// Takes the stamp away, so that nothing in the folder is taken for whole.
    pub(super) fn remove(folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        match fs::remove_file(&path) {
            // Without its folder, or where the folder is a file, there is no stamp.
            Err(error)
                if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Err(error).with_context(|| format!("cannot remove {}", path.display()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .context("cannot write the stamp of the city as JSON")?;
        replace_file(&folder.join(FILE), text)
            .with_context(|| format!("cannot write the stamp in {}", folder.display()))
    }
}
