//! The big-data system: every trip, through `data/queries/lake/trips.sql` on the partitioned
//! Parquet files.

use std::path::PathBuf;

use anyhow::{Context, Result};
use filrouge_lake::{QueryEngine, run_query_file};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::{FetchContext, Source};
use crate::kind::SourceKind;
use crate::output::Output;

/// The section `[lake]` of a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LakeSource {
    /// The folder that holds `trips/`.
    folder: PathBuf,
}

/// The extraction query: the documented file itself, so that both are the same.
const TRIPS: &str = include_str!("../../../../data/queries/lake/trips.sql");

impl Source for LakeSource {
    fn kind(&self) -> SourceKind {
        SourceKind::Lake
    }

    fn address(&self) -> String {
        self.folder.display().to_string()
    }

    fn fetch<'a>(
        &'a self,
        _: &'a FetchContext,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>> {
        async move {
            // The query is kept beside its result: the run tells its question.
            output.write("trips.sql", TRIPS.as_bytes())?;
            let (lake, query, target) = (
                self.folder.clone(),
                output.path("trips.sql")?,
                output.path("trips.parquet")?,
            );
            let report = spawn_blocking(move || {
                run_query_file(&lake, &query, &[], &QueryEngine::InProcess, &target)
            });

            let report = report.await.context("the query on the lake stopped")??;

            output.adopt("trips.parquet")?;
            output.count_rows(report.rows as usize);
            Ok(())
        }
        .boxed()
    }
}
