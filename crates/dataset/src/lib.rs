#![doc = include_str!("../README.md")]

mod builder;
mod error;
mod hash;
mod read;
mod table;
mod write;

pub use builder::DuplicateHour;
pub use error::{DatasetError, FilePosition, Warning};
pub use read::{TableRead, read_conditions, read_dataset};
pub use table::{ConditionTable, Dataset};
pub use write::{
    Format, Prediction, StationHourWriter, write_conditions, write_dataset, write_predictions,
};
