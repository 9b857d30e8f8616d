#![doc = include_str!("../README.md")]

mod convert;
mod error;
mod ingest;
mod query;
mod read;
mod report;
mod store;

pub use convert::{Converted, convert};
pub use error::LakeError;
pub use ingest::{IngestReport, ingest};
pub use query::{OutputFormat, QueryReport, explain, print_query, read_query, run_query_file};
pub use read::{COLUMN_SETS, ColumnSet, ReadOptions};
pub use report::{FileReport, RejectedLine};
