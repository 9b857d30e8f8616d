#![doc = include_str!("../README.md")]

mod bounded_file;
mod keys;
mod object_store;
mod release;

pub use keys::{KeyError, Signer, TrustedKey};
pub use object_store::{ObjectHash, ObjectStore, StoreError};
pub use release::{ModelRelease, PARTS, ReleaseError};
