mod compact;
mod damaged;
mod entries;
mod ledger;
mod parquet;
mod partition;

pub(crate) use entries::Entry;
pub use ledger::{IngestedFile, ingested};
pub(crate) use ledger::{Ledger, parts};
pub(crate) use parquet::ParquetFile;
pub(crate) use partition::Staging;

use std::path::{Path, PathBuf};

/// The folder of the partitions, `year=YYYY/month=MM/*.parquet` below it.
pub(crate) fn trips_folder(lake: &Path) -> PathBuf {
    lake.join("trips")
}
