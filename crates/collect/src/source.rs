//! The five sources behind one trait. A source fetches, writes and counts; it never judges.

use anyhow::Result;
use futures::future::BoxFuture;

use crate::kind::SourceKind;
use crate::output::Output;

mod context;
pub(crate) mod file;
pub(crate) mod lake;
pub(crate) mod sql;
pub(crate) mod web_page;
pub(crate) mod web_service;

pub(crate) use context::FetchContext;
pub use sql::{QueryPlan, explain_operator};
pub use web_service::StationStatus;

/// One source: it fetches and writes; its files are kept even when it fails.
pub(crate) trait Source: Send + Sync {
    /// Kind of the source.
    fn kind(&self) -> SourceKind;
    /// Address of the source, without any secret: for the manifest.
    fn address(&self) -> String;
    /// Fetches all of it and writes it to `output`.
    fn fetch<'a>(
        &'a self,
        context: &'a FetchContext,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>>;
}
