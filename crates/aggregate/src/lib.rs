#![doc = include_str!("../README.md")]

mod clean;
mod drawers;
mod error;
mod hours;
mod identity;
mod ledger;
mod lineage;
mod output;
mod parallel;
mod parquet;
mod passage;
mod profile;
mod receive;
mod rules;
mod run;
mod sieve;
mod source;
mod station_hours;
mod stations;
mod summary;
mod tally;
mod text;
mod trip;
mod trips;

pub use error::AggregateError;
pub use lineage::{Lineage, TripOrigin, lineage};
pub use profile::{Bin, ColumnProfile, DataProfile};
pub use rules::{Action, Rule, rules};
pub use run::{Options, aggregate, aggregate_trips};
pub use summary::{SourceSummary, Summary};
