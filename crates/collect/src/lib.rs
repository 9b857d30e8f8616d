#![doc = include_str!("../README.md")]

mod fetch;
mod folders;
mod forgotten;
mod kind;
mod manifest;
mod output;
mod profile;
mod progress;
mod report;
mod run;
mod source;
mod time_zone;

/// The shared part of the fuzz tests.
#[cfg(test)]
#[path = "../../../tests/fuzz/fuzz.rs"]
mod fuzz;

pub use fetch::{FetchError, Limits};
pub use folders::{Run, latest_run, latest_whole_run};
pub use forgotten::Forgotten;
pub use kind::{SourceKind, UnknownSource};
pub use manifest::{FileEntry, Manifest, SourceEntry, SourceState};
pub use profile::{Placeholders, Profile, ProfileError};
pub use progress::Progress;
pub use report::{RunReport, SourceReport};
pub use run::{CollectOptions, collect, collect_status};
pub use source::{QueryPlan, StationStatus, explain_operator};
