//! Monitoring of the model: `filrouge model simulate-drift` on several cities.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Measurements;
use super::process::printed;

const SEEDS: &str = "1,2,3";

/// Days of one month.
const MONTH: f64 = 30.0;

#[derive(Debug, Deserialize)]
struct DriftSimulation {
    stable_days: f64,
    false_alarms: f64,
    delays_hours: BTreeMap<String, Vec<Option<f64>>>,
}

/// Plays stable months and drifts, and notes the false alarms and the delays.
pub(crate) fn measure(program: &Path, root: &Path, measurements: &mut Measurements) -> Result<()> {
    let mut command = Command::new(program);
    let report = printed(
        command
            .args(["model", "simulate-drift", "--json", "--seeds", SEEDS])
            .current_dir(root),
    )?;
    record(
        &serde_json::from_str(&report)
            .context("`model simulate-drift` did not print its report")?,
        measurements,
    );
    Ok(())
}

fn record(simulation: &DriftSimulation, measurements: &mut Measurements) {
    let delays: Vec<Option<f64>> = simulation
        .delays_hours
        .values()
        .flatten()
        .copied()
        .collect();
    let seen: Vec<f64> = delays.iter().flatten().copied().collect();

    measurements.record(
        "monitoring_false_alarms_a_month",
        simulation.false_alarms / simulation.stable_days * MONTH,
    );
    measurements.record(
        "monitoring_detected_pct",
        100.0 * seen.len() as f64 / delays.len().max(1) as f64,
    );

    measurements.record(
        "monitoring_longest_delay_hours",
        seen.iter().copied().fold(0.0, f64::max),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulation_becomes_figures() {
        let printed = r#"{"seeds": 2, "stable_days": 60, "false_alarms": 1, "false_warnings": 0,
            "delays_hours": {"a": [3, null], "b": [7, 9]}}"#;
        let mut measurements = Measurements::default();
        record(&serde_json::from_str(printed).unwrap(), &mut measurements);

        assert_eq!(
            measurements
                .rounded("monitoring_false_alarms_a_month")
                .as_deref(),
            Some("0,50")
        );
        assert_eq!(
            measurements.rounded("monitoring_detected_pct").as_deref(),
            Some("75")
        );
        assert_eq!(
            measurements
                .rounded("monitoring_longest_delay_hours")
                .as_deref(),
            Some("9")
        );
    }
}
