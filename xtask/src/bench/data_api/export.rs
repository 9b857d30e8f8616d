//! The whole data set as one Parquet file: how long, in how much memory, when the service has
//! prepared it and when it is asked before; then imported again into an empty database.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::service::{PREPARATION, SCOPE};
use super::{Setting, import, state};
use crate::bench::process::printed;
use crate::bench::service::Service;
use crate::bench::{Measurements, report};

const PATH: &str = "/v1/station-hours/export";
const PARQUET: &str = "application/vnd.apache.parquet";
const TRIES: usize = 3;

/// Output of `tests/bench/write_parquet.py`.
#[derive(Debug, Deserialize)]
struct Direct {
    rows: u64,
    seconds: f64,
}

pub(super) async fn measure(setting: &Setting<'_>, measurements: &mut Measurements) -> Result<()> {
    let Exported {
        file,
        seconds: unprepared,
        peak_mib,
    } = export(setting, Duration::ZERO).await?;
    let ready = export(setting, PREPARATION).await?;
    ensure!(ready.file == file, "two exports of the same rows differ");

    let memory = peak_mib.max(ready.peak_mib);
    measurements.record("export_seconds", ready.seconds);
    measurements.record("export_unprepared_seconds", unprepared);
    measurements.record("export_peak_memory_mib", memory);
    report(&format!(
        "export: {} rows, {} bytes, {:.3} s, {unprepared:.2} s unprepared, {memory:.0} MiB at most",
        state::ROWS,
        file.len(),
        ready.seconds
    ));

    let copy = setting.state.with_extension("copy");
    let exported = imported_again(setting, &copy, &file, measurements)?;
    if let Some(python) = setting.python {
        let direct = written_directly(setting.root, python, &exported)?;
        beside_polars(&direct, ready.seconds, unprepared, measurements)?;
    }
    Ok(())
}

/// Compares the seconds of two exports with those of a direct writing of the same rows.
fn beside_polars(
    direct: &Direct,
    ready: f64,
    unprepared: f64,
    measurements: &mut Measurements,
) -> Result<()> {
    let Direct { rows, seconds } = *direct;
    ensure!(rows == u64::from(state::ROWS), "the export has {rows} rows");

    let (ready, unprepared) = (ready / seconds, unprepared / seconds);
    measurements.record("export_times_direct_writing", ready);
    measurements.record("export_unprepared_times_direct_writing", unprepared);
    report(&format!(
        "export: {seconds:.2} s written directly by Polars, {ready:.2} ×, {unprepared:.2} × unprepared"
    ));
    Ok(())
}

/// An export from a service that was started for it.
struct Exported {
    file: Vec<u8>,
    seconds: f64,
    peak_mib: f64,
}

/// Starts the service, leaves it alone for a while, and asks for the export: once, or several times
/// when it is ready, for the fastest.
async fn export(setting: &Setting<'_>, alone: Duration) -> Result<Exported> {
    let service = Service::data_api(setting.program, setting.state).await?;
    let tokens = service.tokens(setting.state, SCOPE).await?;

    tokio::time::sleep(alone).await;
    let (file, mut seconds) = timed_export(&service, &tokens[0]).await?;

    // An export that nobody prepared can be timed once only: it leaves the next one prepared.
    if alone > Duration::ZERO {
        for _ in 1..TRIES {
            seconds = seconds.min(timed_export(&service, &tokens[0]).await?.1);
        }
    }

    let peak_mib = service.process.memory_mib("VmHWM:")?;

    service.process.stop()?;
    Ok(Exported {
        file,
        seconds,
        peak_mib,
    })
}

async fn timed_export(service: &Service, token: &str) -> Result<(Vec<u8>, f64)> {
    let start = Instant::now();
    let file = service.download(PATH, token, PARQUET).await?;
    // A file cut short has no footer.
    ensure!(file.ends_with(b"PAR1"), "the export was broken off");
    Ok((file, start.elapsed().as_secs_f64()))
}

/// Times the import of the exported file, which stays where it was put.
fn imported_again(
    setting: &Setting<'_>,
    copy: &Path,
    file: &[u8],
    measurements: &mut Measurements,
) -> Result<PathBuf> {
    let path = write_clean(setting.state, copy, file)?;

    let start = Instant::now();
    import(setting.program, copy)?;
    let seconds = start.elapsed().as_secs_f64();

    measurements.record("import_seconds", seconds);
    let rows = state::ROWS;
    report(&format!("import: {rows} rows into SQLite, {seconds:.1} s"));
    Ok(path)
}

/// Puts the exported file, with the stations of the state, where an import reads them.
fn write_clean(state: &Path, copy: &Path, file: &[u8]) -> Result<PathBuf> {
    let clean = copy.join("clean");
    std::fs::create_dir_all(&clean)
        .with_context(|| format!("cannot make `{}`", clean.display()))?;

    for name in ["stations.json", "station_status.json"] {
        let copied = std::fs::copy(state.join("clean").join(name), clean.join(name));
        copied.context("cannot copy the stations")?;
    }

    let path = clean.join("station_hours.parquet");
    std::fs::write(&path, file).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(path)
}

fn written_directly(root: &Path, python: &Path, file: &Path) -> Result<Direct> {
    let measured = printed(
        Command::new(python)
            .arg(root.join("tests/bench/write_parquet.py"))
            .arg(file),
    )?;
    serde_json::from_str(&measured).context("write_parquet.py did not print what it measured")
}
