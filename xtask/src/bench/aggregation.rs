//! Cleaning and aggregation beside pandas, DuckDB and Polars in Python: `tests/bench/run.py`, which refuses to answer
//! when the results differ.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::Measurements;
use super::process::printed;
use crate::cargo::cargo;

/// Trips that every engine cleans and counts.
const ROWS: &str = "10000000";

/// What one engine cost.
#[derive(Debug, Deserialize)]
struct Cost {
    seconds: f64,
    peak_mib: f64,
}

#[derive(Debug, Deserialize)]
struct Costs {
    filrouge: Cost,
    pandas: Cost,
    duckdb: Cost,
    polars: Cost,
}

/// Runs every engine with `python`, which has the packages of `tests/bench/requirements.txt`.
pub(crate) fn measure(root: &Path, python: &Path, measurements: &mut Measurements) -> Result<()> {
    let built = cargo(root).args(["build", "--quiet", "--release"]).status();
    ensure!(built.context("cannot run cargo")?.success(), "`cargo build --release` failed");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let mut command = Command::new(python);
    command.arg(root.join("tests/bench/run.py")).arg("--program").arg(target.join("release/filrouge"));
    let costs = printed(command.args(["--rows", ROWS]))?;
    let costs: Costs = serde_json::from_str(&costs).context("tests/bench/run.py did not print its costs")?;
    record(&costs, measurements);
    Ok(())
}

fn record(costs: &Costs, measurements: &mut Measurements) {
    let Costs { filrouge, pandas, duckdb, polars } = costs;
    measurements.record("aggregate_seconds", filrouge.seconds);
    measurements.record("aggregate_peak_memory_mib", filrouge.peak_mib);
    for (key, peer) in [("pandas", pandas), ("duckdb", duckdb), ("polars", polars)] {
        measurements.record(&format!("aggregate_times_faster_than_{key}"), peer.seconds / filrouge.seconds);
        measurements.record(&format!("aggregate_{key}_peak_memory_mib"), peer.peak_mib);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_become_figures() {
        let printed = r#"{"rows": 1, "station_hours": 1, "filrouge": {"seconds": 2.0, "cpu_seconds": 3.0, "peak_mib": 500},
            "pandas": {"seconds": 20.0, "peak_mib": 4000}, "duckdb": {"seconds": 3.0, "peak_mib": 900},
            "polars": {"seconds": 2.0, "peak_mib": 800}}"#;
        let mut measurements = Measurements::default();
        record(&serde_json::from_str(printed).unwrap(), &mut measurements);
        assert_eq!(measurements.rounded("aggregate_times_faster_than_pandas").as_deref(), Some("10,0"));
        assert_eq!(measurements.rounded("aggregate_peak_memory_mib").as_deref(), Some("500"));
    }
}
