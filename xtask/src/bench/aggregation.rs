//! Cleaning and aggregation beside pandas, DuckDB and Polars in Python: `tests/bench/run.py`, which
//! refuses to answer when the results differ.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::process::printed;
use super::{Measurements, whole_case};

/// Trips that every engine cleans and counts.
const ROWS: &str = "10000000";

/// Trips of which only our memory is measured.
const MANY_ROWS: &str = "50000000";

/// Cost of one engine.
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

/// Cost of a history much larger than the memory it is read in.
#[derive(Debug, Deserialize)]
struct Alone {
    filrouge: Cost,
}

/// Runs every engine with `python`, which has the packages of `tests/bench/requirements.txt`.
pub(crate) fn measure(root: &Path, python: &Path, measurements: &mut Measurements) -> Result<()> {
    let program = whole_case::build(root)?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(python);
        command
            .arg(root.join("tests/bench/run.py"))
            .arg("--program")
            .arg(&program);
        printed(command.args(arguments))
    };

    let refused = "tests/bench/run.py did not print its costs";
    let costs: Costs = serde_json::from_str(&run(&["--rows", ROWS])?).context(refused)?;
    record(&costs, measurements);

    let alone = run(&[
        "--rows",
        MANY_ROWS,
        "--engines",
        "filrouge",
        "--rounds",
        "1",
    ])?;

    let Alone { filrouge } = serde_json::from_str(&alone).context(refused)?;

    measurements.record("aggregate_many_seconds", filrouge.seconds);
    measurements.record("aggregate_many_peak_memory_mib", filrouge.peak_mib);
    Ok(())
}

fn record(costs: &Costs, measurements: &mut Measurements) {
    let Costs {
        filrouge,
        pandas,
        duckdb,
        polars,
    } = costs;

    measurements.record("aggregate_seconds", filrouge.seconds);
    measurements.record("aggregate_peak_memory_mib", filrouge.peak_mib);

    for (key, peer) in [("pandas", pandas), ("duckdb", duckdb), ("polars", polars)] {
        measurements.record(
            &format!("aggregate_times_faster_than_{key}"),
            peer.seconds / filrouge.seconds,
        );
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

        assert_eq!(
            measurements
                .rounded("aggregate_times_faster_than_pandas")
                .as_deref(),
            Some("10,0")
        );
        assert_eq!(
            measurements.rounded("aggregate_peak_memory_mib").as_deref(),
            Some("500")
        );
    }
}
