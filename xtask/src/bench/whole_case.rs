//! `filrouge up` from an empty state, then again; and the model it trains, on days it has not seen.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Measurements;
use super::process::{Up, printed};
use crate::cargo::cargo;

/// Far from the default ports, so that a running case is not disturbed.
const PORT_BASE: u16 = 28_080;
const LIMIT: Duration = Duration::from_secs(300);

/// Measures both starts, the page, the shipped model and the forecast's worth.
pub(crate) fn measure(root: &Path, measurements: &mut Measurements) -> Result<()> {
    let program = build(root)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let state = folder.path().join("state");

    let mut up = Up::start(&program, root, &state, PORT_BASE)?;
    let (page, seconds) = up.wait_for(LIMIT, forecast_page)?;

    measurements.record("up_first_seconds", seconds);
    measurements.record("page_kib", page.len() as f64 / 1024.0);
    // Before the end: the memory of a process that has ended cannot be read.
    measurements.record("up_peak_memory_mib", up.peak_memory_mib()?);
    measurements.record_output(
        "up",
        &presentable(&printed_to_its_end(&mut up)?, root, &state),
    );
    up.stop()?;

    let mut up = Up::start(&program, root, &state, PORT_BASE)?;
    measurements.record("up_second_seconds", up.wait_for(LIMIT, forecast_page)?.1);
    up.stop()?;

    lake_queries(&program, root, &state, measurements)?;
    measurements.record("champion_kib", shipped_model_bytes(root)? as f64 / 1024.0);
    forecast_worth(&program, root, &state, measurements)
}

/// Builds the program as `cargo run` does, and says where it is.
pub(super) fn build(root: &Path) -> Result<std::path::PathBuf> {
    let status = cargo(root)
        .args(["build", "--quiet"])
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "`cargo build` failed");
    // This very program was built in the same folder.
    let here = std::env::current_exe().context("cannot find this program")?;
    Ok(here.with_file_name("filrouge"))
}

/// Output of `up`, once its closing table is there: the page may answer just before.
fn printed_to_its_end(up: &mut Up) -> Result<String> {
    const END: &str = "Ctrl-C";
    let log = up.log();
    up.wait_for(LIMIT, || {
        Up::printed(&log).ok().filter(|text| text.contains(END))
    })
    .map(|(text, _)| text)
}

/// The same text without paths of this machine and without secrets.
fn presentable(printed: &str, root: &Path, state: &Path) -> String {
    let text = printed
        .replace(&format!("{}/", root.display()), "")
        .replace(&state.display().to_string(), "var");
    text.lines()
        .map(with_default_port)
        .map(|line| without_secret(&line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The address as without `--port-base`, its column as wide as before.
// Ports begin at `PORT_BASE`, 28080, and at 8080 by default.
fn with_default_port(line: &str) -> String {
    match line.split_once(":28") {
        Some((before, after)) => format!("{before}:8{}", after.replacen("  ", "   ", 1)),
        None => line.to_owned(),
    }
}

fn without_secret(line: &str) -> String {
    match line.split_once(" secret ") {
        Some((before, after)) => format!(
            "{before} secret … {}",
            after.split_once(' ').map_or("", |(_, rest)| rest)
        ),
        None => line.to_owned(),
    }
}

/// The first station's page once it shows a forecast.
fn forecast_page() -> Option<String> {
    let home = get("/")?;
    let (_, rest) = home.split_once("href=\"/stations/")?;
    let (station, _) = rest.split_once('"')?;
    get(&format!("/stations/{station}")).filter(|page| page.contains("<table class=\"hours\">"))
}

fn get(path: &str) -> Option<String> {
    // A whole HTTP client for one page would be one more dependency.
    let address = format!("http://127.0.0.1:{PORT_BASE}{path}");
    let output = Command::new("curl")
        .args(["--fail", "--silent", "--max-time", "5", &address])
        .output()
        .ok()?;
    let text = || String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(text)
}

/// Speed-up of a query on one month, once the engine reads only its files and columns.
fn lake_queries(
    program: &Path,
    root: &Path,
    state: &Path,
    measurements: &mut Measurements,
) -> Result<()> {
    for (key, query) in [
        ("lake_count_ratio", "departures_by_station_hour"),
        ("lake_trips_ratio", "trips"),
    ] {
        let file = format!("data/queries/lake/{query}.sql");
        let mut command = Command::new(program);
        // One month of two years: the pruning of partitions shows.
        command.args(["lake", "sql", "--time", "--file", &file]);
        command.args(["--set", "first_month=202601", "--set", "last_month=202601"]);
        command.arg("--state").arg(state);

        let told = printed(command.current_dir(root))?;
        let ratio = told
            .trim()
            .rsplit_once(' ')
            .and_then(|(_, ratio)| ratio.parse().ok());
        measurements.record(key, ratio.with_context(|| format!("no ratio in `{told}`"))?);
    }
    Ok(())
}

fn shipped_model_bytes(root: &Path) -> Result<u64> {
    let models = root.join("models/demand");
    let champion =
        std::fs::read_to_string(models.join("champion")).context("no shipped champion")?;
    let file = models.join(champion.trim()).join("model.onnx");
    Ok(std::fs::metadata(&file)
        .with_context(|| format!("cannot read `{}`", file.display()))?
        .len())
}

/// Trains on all but the city's last 30 days, then evaluates on these.
fn forecast_worth(
    program: &Path,
    root: &Path,
    state: &Path,
    measurements: &mut Measurements,
) -> Result<()> {
    let split = state.join("split");
    let run = |arguments: &[&str]| -> Result<()> {
        let mut command = Command::new(program);
        command.args(arguments).arg("--state").arg(state);
        printed(command.current_dir(root)).map(drop)
    };
    let path = |name: &str| split.join(name).display().to_string();

    run(&["split", "--days", "30", "--out", &path("")])?;

    let (past, model) = (path("past.parquet"), path("model"));
    let start = std::time::Instant::now();
    run(&["train", "--dataset", &past, "--out", &model])?;
    measurements.record("train_seconds", start.elapsed().as_secs_f64());

    let (recent, evaluation) = (path("recent.parquet"), path("evaluation.json"));
    let data = ["--model", &model, "--history", &past, "--dataset", &recent];
    run(&[&["evaluate", "--json", &evaluation], &data[..]].concat())?;
    record_evaluation(
        &std::fs::read_to_string(&evaluation).context("no evaluation")?,
        measurements,
    )
}

fn record_evaluation(json: &str, measurements: &mut Measurements) -> Result<()> {
    let evaluation: serde_json::Value =
        serde_json::from_str(json).context("the evaluation is not JSON")?;

    let number = |pointer: &str| {
        evaluation
            .pointer(pointer)
            .and_then(serde_json::Value::as_f64)
            .with_context(|| format!("no {pointer}"))
    };

    let baselines = evaluation["baselines"]
        .as_object()
        .context("no baselines")?;
    let best = baselines
        .values()
        .filter_map(|baseline| baseline["mae"].as_f64())
        .fold(f64::INFINITY, f64::min);

    let mae = number("/mae")?;

    measurements.record("city_rows", number("/rows")?);
    measurements.record("test_mae", mae);
    measurements.record("test_baseline_mae", best);
    measurements.record("test_gain_pct", 100.0 * (1.0 - mae / best));
    measurements.record("test_coverage_pct", 100.0 * number("/coverage_80")?);

    Ok(())
}

#[cfg(test)]
mod tests;
