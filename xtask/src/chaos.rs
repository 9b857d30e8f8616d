//! `cargo xtask chaos`: faults at random under a steady load, then the report. The suite
//! `reliability` plays them; this asks for it, and judges the time that each service took.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;

use crate::bench::Measurements;
use crate::cargo::cargo;
use crate::tool;

/// Every service is ready within this many seconds after a fault.
const MOST_SECONDS: f64 = 10.0;

/// A short run, for each integration: with its preparation, a minute and a half at most.
const SHORT_SECONDS: u64 = 40;

const TEST: &str = "chaos::nothing_acknowledged_is_lost_and_nothing_answered_is_wrong";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Minutes of faults
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Less than a minute, for each integration; its figures are not kept
    #[arg(long, conflicts_with = "minutes")]
    short: bool,
    /// Another seed draws other faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Deserialize)]
struct Report {
    seed: u64,
    seconds: u64,
    recoveries: Vec<Recovery>,
    answered: u64,
    refused: u64,
    wrong: u64,
    acknowledged: u64,
    lost: u64,
}

#[derive(Debug, Deserialize)]
struct Recovery {
    fault: String,
    service: String,
    seconds: f64,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let seconds = if options.short {
        SHORT_SECONDS
    } else {
        options.minutes * 60
    };
    let folder = root.join("var/chaos");
    fs::create_dir_all(&folder).context("cannot make `var/chaos`")?;
    let path = folder.join("report.json");
    let _ = fs::remove_file(&path);

    let mut command = cargo(root);
    command
        .args(["test", "--package", "filrouge", "--test", "reliability"])
        .args(["--", "--ignored", "--exact", TEST])
        .env("FILROUGE_CHAOS_SECONDS", seconds.to_string())
        .env("FILROUGE_CHAOS_SEED", options.seed.to_string())
        .env("FILROUGE_CHAOS_REPORT", &path);
    let played = tool::run(&mut command);

    let text = fs::read(&path).context("the run left no report")?;
    let report: Report = serde_json::from_slice(&text).context("the report is unreadable")?;
    fs::write(folder.join("report.md"), page(&report))?;
    tell(&report);
    played?;
    judge(&report)?;
    if options.short {
        Ok(())
    } else {
        keep(root, &report)
    }
}

fn slowest(report: &Report) -> f64 {
    let seconds = report.recoveries.iter().map(|one| one.seconds);
    seconds.fold(0.0, f64::max)
}

fn judge(report: &Report) -> Result<()> {
    let slowest = slowest(report);
    ensure!(
        slowest <= MOST_SECONDS,
        "a fault took {slowest:.1} s to be over, more than {MOST_SECONDS} s"
    );
    Ok(())
}

/// Writes the figures beside the other measurements.
fn keep(root: &Path, report: &Report) -> Result<()> {
    let mut measurements = Measurements::read(root)?;
    measurements.record("chaos_faults", report.recoveries.len() as f64);
    measurements.record("chaos_lost_writes", report.lost as f64);
    measurements.record("chaos_wrong_answers", report.wrong as f64);
    measurements.record("chaos_acknowledged_writes", report.acknowledged as f64);
    measurements.record("chaos_slowest_recovery_seconds", slowest(report));
    measurements.write(root)
}

fn page(report: &Report) -> String {
    let mut text = format!(
        "# Pannes au hasard\n\nGraine {}, {} secondes, {} pannes.\n\n| Panne | Où | Secondes jusqu’à ce que tout soit prêt |\n| --- | --- | --- |\n",
        report.seed,
        report.seconds,
        report.recoveries.len()
    );
    for Recovery {
        fault,
        service,
        seconds,
    } in &report.recoveries
    {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {fault} | {service} | {} |",
            format!("{seconds:.1}").replace('.', ",")
        );
    }
    text + &format!(
        "\nRéponses : {} justes, {} fausses, {} refus ou silences. Écritures confirmées : {}, perdues : {}.\n",
        report.answered - report.wrong,
        report.wrong,
        report.refused,
        report.acknowledged,
        report.lost
    )
}

#[expect(clippy::print_stdout, reason = "a command's report")]
fn tell(report: &Report) {
    println!("{}", page(report));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(seconds: f64) -> Report {
        Report {
            seed: 1,
            seconds: 60,
            recoveries: vec![Recovery {
                fault: "disque plein".to_owned(),
                service: "disque de l’état".to_owned(),
                seconds,
            }],
            answered: 10,
            refused: 2,
            wrong: 0,
            acknowledged: 3,
            lost: 0,
        }
    }

    #[test]
    fn a_service_that_takes_more_than_ten_seconds_is_told() {
        assert!(judge(&report(9.9)).is_ok());
        assert!(judge(&report(10.1)).is_err());
        assert!(page(&report(2.5)).contains("| disque plein | disque de l’état | 2,5 |"));
    }
}
