#![doc = include_str!("../README.md")]

mod builder;
mod error;
mod guard;
mod hash;
mod parquet_pages;
mod read;
mod table;
mod write;

pub use builder::DuplicateHour;
pub use error::{DatasetError, FilePosition, Warning};
pub use guard::guarded;
pub use parquet_pages::check_parquet;
pub use read::{TableRead, read_conditions, read_dataset};
pub use table::{ConditionTable, Dataset};
pub use write::{
    Format, Prediction, StationHourWriter, write_conditions, write_dataset, write_predictions,
};
