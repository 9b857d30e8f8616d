//! What stands outside the crates: scripts, run for real, and the OpenAPI documents.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set its scene up must fail there"
)]

mod chains;
mod doctor;
mod openapi;
mod secrets;

use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is in the repository")
        .to_owned()
}
