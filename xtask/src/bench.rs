//! Measures the whole case as a person would see it, and writes what it saw.

mod aggregation;
mod measurements;
mod process;
mod reading;
mod whole_case;

use std::path::Path;

use anyhow::Result;

pub(crate) use measurements::Measurements;

/// Runs the measurements and rewrites `docs/benchmarks.json` and `docs/benchmarks.md`.
pub(crate) fn run(root: &Path, cold_build: bool, python: Option<&Path>) -> Result<()> {
    let mut measurements = Measurements::read(root).unwrap_or_default();
    measurements.describe_machine(root)?;
    if cold_build {
        measurements.record("cold_build_cpu_minutes", process::cold_build_cpu_minutes(root)?);
    }
    if let Some(python) = python {
        aggregation::measure(root, python, &mut measurements)?;
    }
    reading::measure(root, &mut measurements)?;
    whole_case::measure(root, &mut measurements)?;
    measurements.write(root)
}
