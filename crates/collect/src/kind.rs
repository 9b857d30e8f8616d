use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
