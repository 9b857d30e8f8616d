#![doc = include_str!("../README.md")]

mod fetch;
mod manifest;
mod metrics;
mod output;
mod profile;
mod progress;
mod run;
mod source;
mod time_zone;

pub use fetch::{FetchError, Limits};
pub use manifest::{FileEntry, Manifest, SourceEntry, SourceState};
pub use metrics::CollectionMetrics;
pub use profile::{Placeholders, Profile, ProfileError};
pub use progress::Progress;
pub use run::{CollectOptions, Run, RunReport, SourceReport, collect, collect_status, latest_run};
pub use source::{QueryPlan, SourceKind, StationStatus, UnknownSource, explain_operator};
