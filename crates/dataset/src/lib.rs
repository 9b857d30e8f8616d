#![doc = include_str!("../README.md")]

mod atomic;
mod builder;
mod error;
mod hash;
mod read;
mod table;
mod write;

pub use atomic::write_atomically;
pub use builder::DuplicateHour;
pub use error::{DatasetError, Place, Warning};
pub use read::{Reading, read_conditions, read_dataset};
pub use table::{ConditionTable, Dataset};
pub use write::{
    Format, Prediction, StationHourWriter, write_conditions, write_dataset, write_predictions,
};
