#![doc = include_str!("../README.md")]

mod content;
mod error;
mod manifest;
mod reading;
mod selection;
mod writing;

pub use error::{BackupError, Result};
pub use manifest::{BackupFile, BackupHeader, DatabaseEngine};
pub use reading::BackupArchive;
pub use selection::{KeptFile, files_of};
pub use writing::{WrittenBackup, write};
