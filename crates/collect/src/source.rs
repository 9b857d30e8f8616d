//! The five sources behind one trait. A source fetches, writes and counts; it never judges.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Result;
use chrono_tz::Tz;
use filrouge_types::Clock;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::fetch::Fetcher;
use crate::output::Output;
use crate::{Manifest, Run};

pub(crate) mod file;
pub(crate) mod lake;
pub(crate) mod sql;
pub(crate) mod web_page;
pub(crate) mod web_service;

pub use sql::{QueryPlan, explain_operator};
pub use web_service::StationStatus;

/// The five kinds of source of competency C1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// REST services: GBFS stations and availability, Open-Meteo weather.
    WebService,
    /// HTML pages: agenda, public holidays, school holidays.
    WebPage,
    /// Data files: trips of the month, municipal counters.
    File,
    /// The operator's database.
    Sql,
    /// The big-data system: every trip.
    Lake,
}

/// A name that is not one of a source.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a source: web_service, web_page, file, sql or lake is expected")]
pub struct UnknownSource(String);

impl SourceKind {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::WebService,
        Self::WebPage,
        Self::File,
        Self::Sql,
        Self::Lake,
    ];

    /// The name in files, reports and options.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WebService => "web_service",
            Self::WebPage => "web_page",
            Self::File => "file",
            Self::Sql => "sql",
            Self::Lake => "lake",
        }
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SourceKind {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, UnknownSource> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| UnknownSource(text.to_owned()))
    }
}

/// Tools that every source may use.
pub(crate) struct Surroundings {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fetcher: Fetcher,
    pub(crate) time_zone: Tz,
    /// The last complete run.
    pub(crate) previous: Option<(Manifest, Run)>,
}

/// One source: it fetches and writes; its files are kept even when it fails.
pub(crate) trait Source: Send + Sync {
    /// Kind of the source.
    fn kind(&self) -> SourceKind;
    /// Address of the source, without any secret: for the manifest.
    fn address(&self) -> String;
    /// Fetches all of it and writes it to `output`.
    fn fetch<'a>(
        &'a self,
        surroundings: &'a Surroundings,
        output: &'a mut Output<'_>,
    ) -> BoxFuture<'a, Result<()>>;
}
