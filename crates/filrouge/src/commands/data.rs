//! `filrouge data`: data sets under the hash of their content, so that a run names the one it learnt
//! from and gets the same bytes back.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use filrouge_artifacts::{ObjectHash, ObjectStore};
use filrouge_dataset::{Dataset, read_dataset};
use filrouge_storage::replace_file;
use filrouge_types::Hour;
use serde::{Deserialize, Serialize};

use crate::cli::{DataCommand, GlobalArgs, StoreArguments};
use crate::print;
use crate::state;

/// The identity of a data set: its bytes, its rows, its hours.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DataManifest {
    /// File that was kept.
    name: String,
    /// SHA-256 of the file.
    sha256: String,
    bytes: u64,
    /// SHA-256 of the rows, the one that `model.json` names.
    pub(crate) rows_sha256: String,
    rows: usize,
    /// First hour.
    from: Option<Hour>,
    /// Last hour.
    to: Option<Hour>,
}

pub(crate) fn run(global: &GlobalArgs, command: &DataCommand) -> Result<()> {
    match command {
        DataCommand::Put {
            dataset,
            manifest,
            store,
        } => put(&open(global, store)?, dataset, manifest.as_deref()),
        DataCommand::Get { name, out, store } => get(&open(global, store)?, name, out),
        DataCommand::Check { store } => check(&open(global, store)?),
    }
}

impl DataManifest {
    /// Reads the file that `data put --manifest` wrote.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read(path).with_context(|| format!("`{}` ne peut être lu", path.display()))?;
        serde_json::from_slice(&text)
            .with_context(|| format!("`{}` n'est pas le manifeste d'un jeu", path.display()))
    }

    fn of(path: &Path, dataset: &Dataset, (hash, bytes): (&ObjectHash, u64)) -> Self {
        let name = path.file_name().unwrap_or_default();
        let hours = &dataset.conditions.hour;

        Self {
            name: name.to_string_lossy().into_owned(),
            sha256: hash.to_string(),
            bytes,
            rows_sha256: dataset.content_sha256(),
            rows: dataset.len(),
            from: hours.iter().min().copied(),
            to: hours.iter().max().copied(),
        }
    }
}

fn open(global: &GlobalArgs, store: &StoreArguments) -> Result<ObjectStore> {
    let root = match &store.store {
        Some(folder) => folder.clone(),
        None => state::open(&global.state)?.root().join("objects"),
    };
    Ok(ObjectStore::new(root))
}

fn put(store: &ObjectStore, path: &Path, manifest: Option<&Path>) -> Result<()> {
    // Read first: a file that is no data set is not kept.
    let dataset = read_dataset(path)?.table;
    let (hash, bytes) = store.put(path)?;

    if let Some(out) = manifest {
        let manifest = DataManifest::of(path, &dataset, (&hash, bytes));
        let json =
            serde_json::to_string_pretty(&manifest).context("le manifeste ne s'écrit pas")?;
        replace_file(out, json + "\n")
            .with_context(|| format!("`{}` ne peut être écrit", out.display()))?;
    }

    print::line(&format!("{hash}  {}", path.display()));
    Ok(())
}

fn get(store: &ObjectStore, name: &str, out: &Path) -> Result<()> {
    let manifest = PathBuf::from(name);
    let hash = if manifest.is_file() {
        DataManifest::read(&manifest)?.sha256.parse()?
    } else {
        name.parse::<ObjectHash>()?
    };

    store.get(&hash, out)?;
    print::line(&format!("{hash}  {}", out.display()));
    Ok(())
}

fn check(store: &ObjectStore) -> Result<()> {
    let objects = store.objects()?;
    let mut damaged = 0;

    for hash in &objects {
        if let Err(error) = store.check(hash) {
            damaged += 1;
            print::line(&format!("abîmé : {error}"));
        }
    }

    ensure!(
        damaged == 0,
        "{damaged} jeu(x) abîmé(s) sur {}",
        objects.len()
    );
    print::line(&format!("{} jeu(x), tous entiers", objects.len()));
    Ok(())
}
