use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use filrouge_model::canary::CanaryBounds;
use serde::Deserialize;

/// The name of the file beside the versions.
pub const FILE_NAME: &str = "gates.toml";

/// Thresholds of the gates.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// Lowest skill against the better baseline.
    pub lowest_skill: f64,
    /// Lowest skill in the worst slice.
    pub worst_slice_skill: f64,
    /// Rows of the smallest slice that is judged.
    pub slice_rows: usize,
    /// Lowest and highest coverage of the 80 % interval.
    pub coverage: (f64, f64),
    /// Highest probability of erring more than the champion.
    pub most_likely_worse: f64,
    /// Draws of the bootstrap.
    pub bootstrap_draws: usize,
    /// Largest file, bytes.
    pub most_bytes: u64,
    /// Longest prediction of one row, microseconds.
    pub most_microseconds: u64,
    /// Largest relative difference between trainer and graph.
    pub fidelity: f64,
    /// Largest share of the target's variance that an affine combination of features reproduces.
    pub leak: f64,
    /// Bounds of the canary, which a version that passed these gates goes through.
    pub canary: CanaryBounds,
}

impl Gates {
    /// Reads a file such as `models/demand/gates.toml`.
    ///
    /// # Errors
    /// A file that cannot be read, a gate that is missing or unknown.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;

        let named = || format!("`{}` does not hold the gates", path.display());

        let gates: Self = toml::from_str(&text).with_context(named)?;
        let checked = gates.canary.check();
        checked
            .map_err(|rule| anyhow!("[canary] {rule}"))
            .with_context(named)?;
        Ok(gates)
    }
}
