//! A client that behaves beside one that floods the model API. The service is a process of its own,
//! as in production; each client has a thread of its own, and the requests of the flood are written
//! before anything is timed.

use std::net::SocketAddr;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Measurements;
use super::http_client::{Answers, Connection, Load, get, post};
use super::process::Up;
use super::service::{body, loopback, tokens};

/// Far from the ports of the other parts.
const PORT_BASE: u16 = 28_480;

/// Requests of the polite client, each some time after the one before.
const POLITE: usize = 400;
const PAUSE: Duration = Duration::from_millis(5);

/// Connections of the flood, each asking as soon as it is answered, and rows of each request: the
/// most that one may have.
const CONNECTIONS: usize = 32;
const ROWS: usize = 1_000;

/// Two years are collected, cleaned and imported first: minutes on a busy machine.
const LIMIT: Duration = Duration::from_secs(900);

/// Measures the polite client's median, quiet then beside the flood.
pub(crate) fn measure(root: &Path, program: &Path, measurements: &mut Measurements) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let state = folder.path().join("state");
    let mut up = Up::start(program, root, &state, PORT_BASE)?;

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    let address = loopback(PORT_BASE + 2);
    let probe = get("/health/ready", "");
    up.wait_for(LIMIT, || runtime.block_on(body(address, &probe)).ok())
        .context("the model API is never ready")?;

    let medians = runtime.block_on(compare(address, &state));
    up.stop()?;

    let (quiet, beside) = medians?;
    measurements.record("polite_quiet_ms", quiet);
    measurements.record("polite_beside_ms", beside);
    measurements.record("polite_times_quiet", beside / quiet);
    super::report(&format!(
        "polite client: {quiet:.2} ms quiet, {beside:.2} ms beside the flood, {:.1} times",
        beside / quiet
    ));
    Ok(())
}

/// The medians of the polite client, milliseconds.
async fn compare(address: SocketAddr, state: &Path) -> Result<(f64, f64)> {
    let clients = tokens(address, state, "model:predict").await?;
    let (polite, greedy) = clients.first().zip(clients.last()).context("no client")?;
    let forecast = get("/v1/stations/RIV-001/forecast", polite);
    let answer: Value = serde_json::from_slice(&body(address, &forecast).await?)?;
    let flood = Load {
        address,
        requests: greedy_requests(greedy, &answer["items"][0]["hour"]),
        clients: CONNECTIONS,
        duration: (PAUSE + Duration::from_millis(5)) * POLITE as u32,
    };

    let quiet = median(address, &forecast).await?;
    let flooding: JoinHandle<Result<Answers>> = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().context("no runtime")?;
        runtime.block_on(flood.run())
    });
    let beside = median(address, &forecast).await?;

    let answers = flooding.join().ok().context("the flood panicked")??;
    let is_expected = |status: &u16| [200, 429].contains(status);
    ensure!(
        answers.statuses.keys().all(is_expected) && answers.statuses.contains_key(&429),
        "the flood was answered {:?}",
        answers.statuses
    );
    Ok((quiet, beside))
}

/// The median time of requests that all succeed, in milliseconds.
async fn median(address: SocketAddr, request: &[u8]) -> Result<f64> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::with_capacity(POLITE);

    for _ in 0..POLITE {
        let asked = Instant::now();
        let status = connection.ask(request).await?.status();
        times.push(asked.elapsed());
        ensure!(status == 200, "the polite client was answered {status}");
        tokio::time::sleep(PAUSE).await;
    }

    times.sort_unstable();
    Ok(times[POLITE / 2].as_secs_f64() * 1000.0)
}

/// Each of a weather that nobody asked for before, so that no answer is kept from another.
fn greedy_requests(token: &str, hour: &Value) -> Vec<Vec<u8>> {
    let authorization = format!("Bearer {token}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];

    let asked = (0..50).map(|number| {
        let weather = json!({"temperature_c": number});
        let item = json!({"station_id": "RIV-001", "hour": hour, "weather": weather});
        let body = json!({"items": vec![item; ROWS]}).to_string();
        post("/v1/predictions", &headers, body.as_bytes())
    });
    asked.collect()
}
