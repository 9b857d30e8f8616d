//! The model API under load, beside the same model behind FastAPI and behind MLServer, beside the same route without a
//! model, and beside a bare loop of ONNX Runtime: every peer on this machine, one after the other, in turns.

mod peers;
mod requests;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Measurements;
use super::load::{Answered, Request, load, median};
use super::process::{Up, printed};
use peers::Peer;
use requests::Api;

/// Far from the default ports and from those of the other measurements.
const PORT_BASE: u16 = 28_180;

/// Connections that each send one request at a time.
const CONNECTIONS: u32 = 16;
const SECONDS: u32 = 6;

/// Turns: a machine that slows down for a moment slows everyone down.
const ROUNDS: usize = 3;

/// Rows of a batch.
const BATCH: usize = 1_000;

const READY: Duration = Duration::from_secs(300);

/// The Pythons that have what the peers need.
pub(crate) struct Pythons<'a> {
    /// `tests/bench/serving/requirements.txt`
    pub(crate) peers: &'a Path,
    /// `tests/bench/serving/mlserver/requirements.txt`
    pub(crate) mlserver: Option<&'a Path>,
}

/// Measures everything against `filrouge up`, the program as a person runs it.
pub(crate) fn measure(
    root: &Path,
    program: &Path,
    pythons: &Pythons<'_>,
    measurements: &mut Measurements,
) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let state = folder.path().join("state");
    let mut up = Up::start(program, root, &state, PORT_BASE)?;
    let api = Api::at(PORT_BASE + 2, &state);
    up.wait_for(READY, || api.is_ready().then_some(()))?;
    let features = folder.path().join("features.npy");
    write_features(program, &state, &features)?;
    let model = champion(&state)?;

    let token = api.token()?;
    let one = api.predictions(&token, 1)?;
    let ours = format!("http://127.0.0.1:{}", PORT_BASE + 2);
    let constant = Peer::constant(root, PORT_BASE + 20)?;
    let fastapi = Peer::fastapi(root, pythons.peers, &model, &features, &api.public_keys()?, PORT_BASE + 21)?;
    let asked_constant = requests::with_token(&one, &constant.token()?);
    let [us, route, python] = turns([(&ours, &one), (&constant.address, &asked_constant), (&fastapi.address, &one)])?;
    drop((constant, fastapi));
    measurements.record("serve_requests_per_second", us.per_second);
    measurements.record("serve_p99_ms", us.p99_ms);
    measurements.record("serve_share_of_constant_pct", 100.0 * us.per_second / route.per_second);
    measurements.record("serve_times_fastapi", us.per_second / python.per_second);
    measurements.record("serve_fastapi_p99_times", python.p99_ms / us.p99_ms);

    let tensor = api.inference(&token, &features, 1)?;
    if let Some(mlserver) = pythons.mlserver {
        let peer = Peer::mlserver(root, mlserver, &model, PORT_BASE + 22)?;
        let [us, peer] = turns([(&ours, &tensor), (&peer.address, &tensor)])?;
        measurements.record("serve_times_mlserver", us.per_second / peer.per_second);
    }
    batches(root, pythons.peers, &model, &features, (&ours, &api, &token), measurements)?;
    up.stop()
}

/// Batches of a thousand rows: station-hours whose features the service computes, tensors that the client gives.
fn batches(
    root: &Path,
    python: &Path,
    model: &Path,
    features: &Path,
    (ours, api, token): (&str, &Api, &str),
    measurements: &mut Measurements,
) -> Result<()> {
    let (hours, tensor) = (api.predictions(token, BATCH)?, api.inference(token, features, BATCH)?);
    let mut figures = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        figures[0].push(load(ours, &hours, 2, SECONDS)?.per_second * BATCH as f64);
        figures[1].push(load(ours, &tensor, 2, SECONDS)?.per_second * BATCH as f64);
        figures[2].push(bare_loop(root, python, model, features)?);
    }
    let [hours, tensor, bare] = figures.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    measurements.record("serve_batch_rows_per_second", tensor);
    measurements.record("serve_batch_share_of_loop_pct", 100.0 * tensor / bare);
    measurements.record("serve_batch_hours_share_of_loop_pct", 100.0 * hours / bare);
    Ok(())
}

/// Loads each server in turn, several times, and keeps the middle of each.
fn turns<const N: usize>(servers: [(&String, &Vec<Request>); N]) -> Result<[Answered; N]> {
    let mut answered = [const { Vec::new() }; N];
    for _ in 0..ROUNDS {
        for ((address, requests), answered) in servers.iter().zip(&mut answered) {
            answered.push(load(address, requests, CONNECTIONS, SECONDS)?);
        }
    }
    let medians: Vec<Answered> = answered.into_iter().map(median).collect::<Result<_>>()?;
    medians.try_into().map_err(|_| anyhow::anyhow!("a server was not measured"))
}

fn bare_loop(root: &Path, python: &Path, model: &Path, features: &Path) -> Result<f64> {
    let mut command = Command::new(python);
    command.arg(root.join("tests/bench/serving/loop.py")).args([model, features]).arg(SECONDS.to_string());
    printed(&mut command)?.trim().parse().context("loop.py did not print its rows a second")
}

fn write_features(program: &Path, state: &Path, out: &Path) -> Result<()> {
    let mut command = Command::new(program);
    printed(command.args(["model", "features", "--out"]).arg(out).arg("--state").arg(state)).map(drop)
}

/// The file in service.
fn champion(state: &Path) -> Result<std::path::PathBuf> {
    let models = state.join("models/demand");
    let version = std::fs::read_to_string(models.join("champion")).context("no champion in the state")?;
    Ok(models.join(version.trim()).join("model.onnx"))
}
