//! Two hundred clients for a minute, with others that read one byte a second: no answer but 200,
//! memory that stays.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Setting;
use super::service::{PREPARATION, SCOPE};
use crate::bench::http_client::{Answers, Load, get};
use crate::bench::service::Service;
use crate::bench::{Measurements, report};

const CLIENTS: usize = 200;
const DURATION: Duration = Duration::from_secs(60);
/// Long enough for every buffer and cache to have the size that it keeps.
const WARM_UP: Duration = Duration::from_secs(10);
/// As many as there are places for exports.
const SLOW_CLIENTS: usize = 4;
/// Memory that an allocator may still move about, MiB.
const TOLERANCE: f64 = 16.0;

pub(super) async fn measure(setting: &Setting<'_>, measurements: &mut Measurements) -> Result<()> {
    let service = Service::data_api(setting.program, setting.state).await?;
    let tokens = service.tokens(setting.state, SCOPE).await?;
    // An export under preparation would be counted as the memory of the start.
    tokio::time::sleep(PREPARATION).await;

    let at_start = service.process.memory_mib("VmRSS:")?;
    let load = |duration| Load {
        address: service.address,
        requests: requests(&tokens),
        clients: CLIENTS,
        duration,
    };
    // They hold every place for exports: the others are answered 503, and say when to come back.
    let _slow = slow_clients(service.address, &tokens[0]);

    load(WARM_UP).run().await?;
    let warmed_up = service.process.memory_mib("VmRSS:")?;
    let answers = load(DURATION).run().await?;
    let at_end = service.process.memory_mib("VmRSS:")?;
    service.process.stop()?;

    report(&format!(
        "load: {CLIENTS} clients and {SLOW_CLIENTS} slow ones for {} s: {:.0} requests/s, p50 {:.1} ms, p99 {:.1} ms, \
         statuses {:?}; memory {at_start:.0}, {warmed_up:.0}, {at_end:.0} MiB at start, warmed up, at the end",
        DURATION.as_secs(),
        answers.per_second(),
        answers.quantile_ms(0.5),
        answers.quantile_ms(0.99),
        answers.statuses,
    ));
    for (key, value) in [
        ("load_requests_per_second", answers.per_second()),
        ("load_p50_ms", answers.quantile_ms(0.5)),
        ("load_p99_ms", answers.quantile_ms(0.99)),
        ("load_start_memory_mib", at_start),
        ("load_warm_memory_mib", warmed_up),
        ("load_end_memory_mib", at_end),
    ] {
        measurements.record(key, value);
    }

    check(&answers)?;
    ensure!(
        at_end - warmed_up <= TOLERANCE,
        "memory grew from {warmed_up:.0} to {at_end:.0} MiB"
    );
    Ok(())
}

fn check(answers: &Answers) -> Result<()> {
    let unexpected = answers
        .statuses
        .keys()
        .find(|status| ![200, 429, 503].contains(*status));

    // 503 is an answer: more clients ask for exports than there are places. So is 429: a client has
    // half of the places of the service at most.
    ensure!(unexpected.is_none(), "statuses {:?}", answers.statuses);
    ensure!(
        answers.without_retry_after == 0,
        "a 503 does not say when to come back"
    );

    ensure!(answers.statuses.contains_key(&200), "nobody was answered");
    Ok(())
}

/// Requests of the web application and of a curious client: recent pages, one station, the map, a day
/// of each month.
fn requests(tokens: &[String]) -> Vec<Vec<u8>> {
    let days = (1..=12)
        .map(|month| format!("/v1/station-hours?from=2025-{month:02}-15T00:00:00Z&limit=100"));
    let stations = (0..12)
        .map(|number| format!("/v1/station-hours?station_id=RIV-{number:03}&sort=-hour&limit=48"));
    let fixed = [
        "/v1/stations?limit=50",
        "/v1/station-hours?sort=-hour&limit=100",
        "/v1/weather?from=2025-06-01T00:00:00Z&limit=48",
    ];

    let paths = days.chain(stations).chain(fixed.map(str::to_owned));

    paths
        .zip(tokens.iter().cycle())
        .map(|(path, token)| get(&path, token))
        .collect()
}

/// Clients that each ask for the whole data set and read one byte of it a second, until they are
/// dropped.
fn slow_clients(address: SocketAddr, token: &str) -> JoinSet<Result<()>> {
    let request = get("/v1/station-hours/export", token);
    let mut clients = JoinSet::new();
    for _ in 0..SLOW_CLIENTS {
        clients.spawn(read_slowly(address, request.clone()));
    }
    clients
}

async fn read_slowly(address: SocketAddr, request: Vec<u8>) -> Result<()> {
    let mut stream = TcpStream::connect(address)
        .await
        .context("nothing answers")?;
    stream
        .write_all(&request)
        .await
        .context("the connection was closed")?;
    while stream.read_u8().await.is_ok() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
