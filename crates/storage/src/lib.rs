#![doc = include_str!("../README.md")]

mod atomic;
mod private;
mod state;

pub use atomic::{AtomicFile, move_into_place, replace_file, sync_folder, write_atomically};
pub use private::{create_private, read_or_create_private, write_private};
pub use state::{StateError, StateFolder, StateLock};
