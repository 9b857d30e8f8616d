//! The readers of foreign bytes, fuzzed for a time: `tests/fuzz/fuzz.rs` says how.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::cargo::cargo;

/// The crates that hold readers, each with the number of its fuzz tests.
const CRATES: [(&str, u64); 4] = [
    ("filrouge-aggregate", 3),
    ("filrouge-collect", 6),
    ("filrouge-dataset", 2),
    ("filrouge-lake", 1),
];

/// Fuzzes every reader, `seconds` in all.
pub(crate) fn run(root: &Path, seconds: u64, seed: u64) -> Result<()> {
    let readers: u64 = CRATES.iter().map(|(_, tests)| tests).sum();
    let each = (seconds / readers).max(1);

    for (package, _) in CRATES {
        let status = cargo(root)
            // Not the examples of the documentation, which rustdoc would build one by one.
            .args(["test", "--package", package, "--tests", "fuzz_", "--"])
            // One after the other: the memory that a reader takes is its own.
            .args(["--test-threads=1", "--nocapture"])
            .env("FILROUGE_FUZZ_SECONDS", each.to_string())
            .env("FILROUGE_FUZZ_SEED", seed.to_string())
            .status()
            .context("cargo cannot be started")?;
        ensure!(
            status.success(),
            "a reader of {package} does not hold: its input is kept in tests/fuzz/corpus"
        );
    }

    Ok(())
}
