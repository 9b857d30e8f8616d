#![doc = include_str!("../README.md")]

mod clean;
mod clean_folder;
mod cross_checks;
mod dedup_buffer;
mod error;
mod fast_path;
mod hourly_counts;
mod hours;
mod identity;
mod instant;
mod ledger;
mod lineage;
mod output;
mod parallel;
mod parquet;
mod pipeline;
mod profile;
mod received;
mod rule;
mod rules;
mod run;
mod source;
mod start_descriptors;
mod station_hours;
mod stations;
mod summary;
mod text;
mod trip;
mod trips;

/// The shared part of the fuzz tests.
#[cfg(test)]
#[path = "../../../tests/fuzz/fuzz.rs"]
mod fuzz;

pub use clean_folder::require_whole;
pub use cross_checks::{CounterCheck, CrossChecks, HourShare, MaintenanceCheck};
pub use error::AggregateError;
pub use lineage::{Lineage, TripOrigin, lineage};
pub use profile::{Bin, ColumnProfile, DataProfile};
pub use rule::{Action, CleaningRule};
pub use rules::rules;
pub use run::{Options, aggregate, aggregate_trips};
pub use summary::{SourceSummary, Summary};
