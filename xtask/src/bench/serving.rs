//! The model API under load, beside the same model behind FastAPI and behind MLServer, beside the
//! same route without a model, and beside a bare loop of ONNX Runtime: every peer on this machine,
//! one after the other, in turns.

mod peers;
mod requests;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::http_client::{Answers, Load, get};
use super::process::printed;
use super::service::{Service, loopback, tokens};
use super::{Measurements, report};
use requests::Features;

/// Far from the default ports and from those of the other measurements.
const PORT_BASE: u16 = 28_180;

/// Connections that each send one request at a time: as many as `oha` opens when it is told
/// nothing.
const CLIENTS: usize = 50;
const DURATION: Duration = Duration::from_secs(6);
const WARM_UP: Duration = Duration::from_secs(1);

/// Turns: a machine that slows down for a moment slows everyone down.
const ROUNDS: usize = 3;

/// Rows of a batch, and clients that send batches: while one for each processor is answered,
/// another is read.
const BATCH: usize = 1_000;
const BATCH_CLIENTS: usize = 4;

/// Different requests of one row of features.
const TENSORS: usize = 960;

/// The Pythons that have the packages of the peers.
pub(crate) struct Pythons<'a> {
    /// `tests/bench/serving/requirements.txt`
    pub(crate) peers: &'a Path,
    /// `tests/bench/serving/mlserver/requirements.txt`
    pub(crate) mlserver: Option<&'a Path>,
}

/// A running case, and the requests to it and to its peers.
struct Setting<'a> {
    root: &'a Path,
    state: PathBuf,
    ours: Service,
    tokens: Vec<String>,
    model: PathBuf,
    station_hours: Vec<Value>,
    features: Features,
    features_file: PathBuf,
}

/// Measures everything against `filrouge up`, the program as a person runs it.
pub(crate) fn measure(
    root: &Path,
    program: &Path,
    pythons: &Pythons<'_>,
    measurements: &mut Measurements,
) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;

    runtime.block_on(async {
        let setting = Setting::start(root, program, folder.path()).await?;

        one_by_one(&setting, pythons.peers, measurements).await?;
        if let Some(mlserver) = pythons.mlserver {
            beside_mlserver(&setting, mlserver, measurements).await?;
        }
        by_batches(&setting, pythons.peers, measurements).await?;
        setting.ours.process.stop()
    })
}

impl<'a> Setting<'a> {
    async fn start(root: &'a Path, program: &Path, folder: &Path) -> Result<Self> {
        let state = folder.join("state");
        let mut command = Command::new(program);

        command
            // One client is the whole load.
            .args(["up", "--client-rate", "1000000"])
            .args(["--port-base", &PORT_BASE.to_string(), "--state"])
            .arg(&state);

        let ours = Service::start(
            command.current_dir(root).stderr(Stdio::null()),
            PORT_BASE + 2,
            "/health/ready",
        )
        .await?;

        let data_api = loopback(PORT_BASE + 1);
        let data_tokens = tokens(data_api, &state, "data:read").await?;
        let tokens = ours.tokens(&state, "model:predict").await?;
        let station_hours =
            requests::station_hours((data_api, &data_tokens[0]), (ours.address, &tokens[0]))
                .await?;
        let features_file = folder.join("features.npy");

        write_features(program, &state, &features_file)?;
        let (model, features) = (champion(&state)?, Features::read(&features_file)?);

        Ok(Self {
            root,
            state,
            ours,
            tokens,
            model,
            station_hours,
            features,
            features_file,
        })
    }
}

/// One prediction a request, beside the same route without a model and beside FastAPI: the hours of
/// the next day, which the service predicts when it reads the demand and caches, then with a
/// weather of the client's own, predicted each time.
async fn one_by_one(
    setting: &Setting<'_>,
    python: &Path,
    measurements: &mut Measurements,
) -> Result<()> {
    let constant = peers::constant(setting.root, &setting.state, PORT_BASE + 20).await?;
    let keys = setting.ours.get(&get("/.well-known/jwks.json", "")).await?;

    let fastapi = peers::fastapi(
        setting.root,
        python,
        &setting.model,
        &setting.features_file,
        &keys,
        PORT_BASE + 21,
    )
    .await?;

    let asked = requests::one_by_one(&setting.station_hours, &setting.tokens);
    let asked_anew = requests::with_own_weather(&setting.station_hours, &setting.tokens);
    let tokens_of_constant = constant.tokens(&setting.state, "model:predict").await?;
    let asked_constant = requests::one_by_one(&setting.station_hours, &tokens_of_constant);

    let [us, route, peer, us_anew, peer_anew] = turns([
        ("one prediction: this service", setting.ours.address, &asked),
        (
            "one prediction: the same route without a model",
            constant.address,
            &asked_constant,
        ),
        ("one prediction: FastAPI", fastapi.address, &asked),
        (
            "one prediction, own weather: this service",
            setting.ours.address,
            &asked_anew,
        ),
        (
            "one prediction, own weather: FastAPI",
            fastapi.address,
            &asked_anew,
        ),
    ])
    .await?;

    measurements.record(
        "serve_share_of_constant_pct",
        100.0 * us.per_second() / route.per_second(),
    );
    measurements.record(
        "serve_anew_share_of_constant_pct",
        100.0 * us_anew.per_second() / route.per_second(),
    );

    for (name, us, peer) in [("serve", us, peer), ("serve_anew", us_anew, peer_anew)] {
        measurements.record(&format!("{name}_requests_per_second"), us.per_second());
        measurements.record(&format!("{name}_p99_ms"), us.quantile_ms(0.99));
        measurements.record(
            &format!("{name}_times_fastapi"),
            us.per_second() / peer.per_second(),
        );
        measurements.record(
            &format!("{name}_fastapi_p99_times"),
            peer.quantile_ms(0.99) / us.quantile_ms(0.99),
        );
    }

    Ok(())
}

/// One row of features a request, in the protocol that both speak.
async fn beside_mlserver(
    setting: &Setting<'_>,
    python: &Path,
    measurements: &mut Measurements,
) -> Result<()> {
    let peer = peers::mlserver(setting.root, python, &setting.model, PORT_BASE + 22).await?;
    let asked = requests::tensors(&setting.features, TENSORS, &setting.tokens);

    let [us, peer] = turns([
        ("one tensor: this service", setting.ours.address, &asked),
        ("one tensor: MLServer", peer.address, &asked),
    ])
    .await?;

    measurements.record("serve_times_mlserver", us.per_second() / peer.per_second());
    Ok(())
}

/// Batches of a thousand rows: tensors that the client gives, the station-hours of the next day,
/// which the service has in its cache, and the same with a weather of the client's own, whose features it
/// computes.
async fn by_batches(
    setting: &Setting<'_>,
    python: &Path,
    measurements: &mut Measurements,
) -> Result<()> {
    let tensors = requests::binary_tensors(&setting.features, BATCH, &setting.tokens);
    let cached = requests::by_batches(&setting.station_hours, BATCH, &setting.tokens);
    let computed =
        requests::by_batches_with_own_weather(&setting.station_hours, BATCH, &setting.tokens);

    let mut rates = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        for (requests, rates) in [&tensors, &cached, &computed].into_iter().zip(&mut rates) {
            let answers = ask(setting.ours.address, requests, BATCH_CLIENTS).await?;
            rates.push(answers.per_second() * BATCH as f64);
        }
        rates[3].push(bare_loop(setting, python)?);
    }

    let [tensors, cached, computed, bare] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    report(&format!(
        "batches of {BATCH}: tensors {tensors:.0} rows/s, station-hours cached {cached:.0}, computed {computed:.0}, \
         a bare loop {bare:.0}"
    ));

    measurements.record("serve_batch_rows_per_second", tensors);
    measurements.record("serve_batch_share_of_loop_pct", 100.0 * tensors / bare);
    measurements.record(
        "serve_batch_cached_share_of_loop_pct",
        100.0 * cached / bare,
    );
    measurements.record(
        "serve_batch_hours_share_of_loop_pct",
        100.0 * computed / bare,
    );
    Ok(())
}

/// Loads each server in turn, several times, and keeps the middle of each.
async fn turns<const N: usize>(
    servers: [(&str, SocketAddr, &Vec<Vec<u8>>); N],
) -> Result<[Answers; N]> {
    let mut rounds = [const { Vec::new() }; N];

    for _ in 0..ROUNDS {
        for ((_, address, requests), rounds) in servers.iter().zip(&mut rounds) {
            rounds.push(ask(*address, requests, CLIENTS).await?);
        }
    }

    let middles = rounds.map(middle);
    for ((name, ..), answers) in servers.iter().zip(&middles) {
        let (p50, p99) = (answers.quantile_ms(0.5), answers.quantile_ms(0.99));
        report(&format!(
            "{name}: {:.0} requests/s, p50 {p50:.2} ms, p99 {p99:.2} ms",
            answers.per_second()
        ));
    }

    Ok(middles)
}

async fn ask(address: SocketAddr, requests: &[Vec<u8>], clients: usize) -> Result<Answers> {
    Load {
        address,
        requests: requests.to_vec(),
        clients,
        duration: DURATION,
    }
    .run_warm(WARM_UP)
    .await
}

fn middle(mut rounds: Vec<Answers>) -> Answers {
    rounds.sort_by(|one, other| one.per_second().total_cmp(&other.per_second()));
    rounds.swap_remove(rounds.len() / 2)
}

fn bare_loop(setting: &Setting<'_>, python: &Path) -> Result<f64> {
    let mut command = Command::new(python);
    command
        .arg(setting.root.join("tests/bench/serving/loop.py"))
        .args([&setting.model, &setting.features_file]);
    printed(command.arg(DURATION.as_secs().to_string()))?
        .trim()
        .parse()
        .context("loop.py did not print its rows a second")
}

fn write_features(program: &Path, state: &Path, out: &Path) -> Result<()> {
    let mut command = Command::new(program);
    printed(
        command
            .args(["model", "features", "--out"])
            .arg(out)
            .arg("--state")
            .arg(state),
    )
    .map(drop)
}

/// The file in service.
fn champion(state: &Path) -> Result<PathBuf> {
    let models = state.join("models/demand");
    let version =
        std::fs::read_to_string(models.join("champion")).context("no champion in the state")?;
    Ok(models.join(version.trim()).join("model.onnx"))
}
