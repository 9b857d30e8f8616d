#![doc = include_str!("../README.md")]

mod atomic;
mod damaged;
mod folder;
mod lock;
mod private;
mod state;

pub use atomic::{AtomicFile, move_into_place, replace_file, sync_folder, write_atomically};
pub use damaged::{is_set_aside, set_aside};
pub use folder::{make_folder, temporary_folder};
pub use lock::LockFile;
pub use private::{create_private, read_or_create_private, write_private};
pub use state::{StateError, StateFolder};
