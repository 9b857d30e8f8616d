#![doc = include_str!("../README.md")]

mod convert;
mod error;
mod forget;
mod ingest;
mod query;
mod read;
mod report;
mod store;
mod weight;

/// The shared part of the fuzz tests.
#[cfg(test)]
#[path = "../../../tests/fuzz/fuzz.rs"]
mod fuzz;

pub use convert::{Converted, convert};
pub use error::LakeError;
pub use forget::forget_before;
pub use ingest::{IngestReport, ingest};
pub use query::{
    OutputFormat, QueryEngine, QueryReport, best_seconds, explain, print_query, read_query,
    run_query_file,
};
pub use read::ReadOptions;
pub use report::{FileReport, RejectedLine};
pub use store::{IngestedFile, ingested};
pub use weight::{Weight, weigh};
