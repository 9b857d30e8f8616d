//! Fifty people at once in front of the whole case, on the machine that also serves it: each asks for
//! its next page as soon as it has looked at the one before.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;

use super::Measurements;
use super::http_client::{Connection, get};
use super::process::Up;
use super::service::{body, loopback};

/// Far from the ports of the other parts.
const PORT_BASE: u16 = 28_580;

const PEOPLE: usize = 50;
const DURATION: Duration = Duration::from_secs(60);
/// Time that somebody looks at a page: less than anybody does.
const LOOK: Duration = Duration::from_secs(1);

const LIMIT: Duration = Duration::from_secs(300);

/// What a page says when a service that it reads does not answer.
const NOTICE: &[u8] = b"class=\"notice\"";

/// The pages that were received.
#[derive(Debug, Default)]
struct Received {
    milliseconds: Vec<f64>,
    /// Pages that had to do without a service.
    without_a_service: usize,
}

/// Measures the pages of riders, with a look between two of them, then without.
pub(crate) fn measure(root: &Path, program: &Path, measurements: &mut Measurements) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let up = Up::start(program, root, &folder.path().join("state"), PORT_BASE)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;

    let (looking, pressing) = runtime.block_on(async {
        let address = loopback(PORT_BASE);
        let requests = Arc::new(requests(address).await?);
        let looking = people(address, &requests, LOOK).await?;
        let pressing = people(address, &requests, Duration::ZERO).await?;
        anyhow::Ok((looking, pressing))
    })?;
    up.stop()?;

    measurements.record("people_p95_ms", looking.quantile(0.95));
    measurements.record("people_pages_per_second", looking.per_second());
    measurements.record("people_without_forecast_pct", looking.share_without());
    measurements.record("people_pressing_p95_ms", pressing.quantile(0.95));
    measurements.record("people_pressing_pages_per_second", pressing.per_second());
    measurements.record(
        "people_pressing_without_forecast_pct",
        pressing.share_without(),
    );
    for (name, received) in [("looking", &looking), ("pressing", &pressing)] {
        super::report(&format!(
            "{PEOPLE} people {name}: {:.0} pages/s, p95 {:.1} ms, {:.1} % without a service",
            received.per_second(),
            received.quantile(0.95),
            received.share_without(),
        ));
    }
    Ok(())
}

/// The pages of riders, once each has all that it shows.
async fn requests(address: SocketAddr) -> Result<Vec<Vec<u8>>> {
    let start = Instant::now();
    let home = loop {
        if let Ok(home) = whole_home(address).await {
            break home;
        }
        ensure!(start.elapsed() < LIMIT, "no forecast after {LIMIT:?}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    };

    let stations: Vec<&str> = home
        .split("href=\"/stations/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let neighbours = stations.iter().zip(stations.iter().skip(1));
    let of_stations = neighbours.flat_map(|(one, other)| {
        [
            "/".to_owned(),
            format!("/stations/{one}"),
            format!("/en/stations/{other}?cherche=place"),
            format!("/trajet?depart={one}&arrivee={other}&heure=18:10"),
            format!("/comparer?premiere={one}&seconde={other}"),
            format!("/?recherche={}", one.get(..3).unwrap_or_default()),
            format!("/signaler?station={one}"),
            "/accessibilite".to_owned(),
        ]
    });
    let requests: Vec<_> = of_stations.map(|path| get(&path, "")).collect();
    ensure!(!requests.is_empty(), "no station on the home page");
    Ok(requests)
}

/// The home page and a station page that lacks nothing.
async fn whole_home(address: SocketAddr) -> Result<String> {
    let home = String::from_utf8(body(address, &get("/", "")).await?)?;
    let first = home.split("href=\"/stations/").nth(1);
    let first = first.and_then(|rest| rest.split('"').next());
    let path = format!("/stations/{}", first.context("no station")?);

    let station = body(address, &get(&path, "")).await?;
    ensure!(!has_notice(&station), "no forecast yet");
    Ok(home)
}

/// Fifty people, each starting at another page.
async fn people(
    address: SocketAddr,
    requests: &Arc<Vec<Vec<u8>>>,
    look: Duration,
) -> Result<Received> {
    let deadline = Instant::now() + DURATION;
    let mut people = JoinSet::new();
    for number in 0..PEOPLE {
        people.spawn(walk(
            address,
            Arc::clone(requests),
            (number, look),
            deadline,
        ));
    }

    let mut all = Received::default();
    while let Some(received) = people.join_next().await {
        let received = received.context("a client failed")??;
        all.milliseconds.extend(received.milliseconds);
        all.without_a_service += received.without_a_service;
    }
    all.milliseconds.sort_unstable_by(f64::total_cmp);
    Ok(all)
}

async fn walk(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    (number, look): (usize, Duration),
    deadline: Instant,
) -> Result<Received> {
    let mut received = Received::default();
    // Not all at the same instant: nobody agrees on when to begin.
    tokio::time::sleep(look * number as u32 / PEOPLE as u32).await;
    let mut connection = Connection::open(address).await?;
    let first = number * requests.len() / PEOPLE;

    for request in requests.iter().cycle().skip(first) {
        let asked = Instant::now();
        if asked >= deadline {
            break;
        }
        let answer = connection.ask(request).await?;
        received
            .milliseconds
            .push(asked.elapsed().as_secs_f64() * 1000.0);
        ensure!(
            answer.status() == 200,
            "a page of status {}",
            answer.status()
        );
        received.without_a_service += usize::from(has_notice(answer.body));
        tokio::time::sleep(look).await;
    }
    Ok(received)
}

fn has_notice(page: &[u8]) -> bool {
    page.windows(NOTICE.len()).any(|bytes| bytes == NOTICE)
}

impl Received {
    /// The time that this share of the pages took at most, milliseconds.
    fn quantile(&self, share: f64) -> f64 {
        let last = self.milliseconds.len().saturating_sub(1);
        let index = (last as f64 * share).round() as usize;
        self.milliseconds.get(index).copied().unwrap_or(f64::NAN)
    }

    fn per_second(&self) -> f64 {
        self.milliseconds.len() as f64 / DURATION.as_secs_f64()
    }

    /// Pages that did without a service, per cent.
    fn share_without(&self) -> f64 {
        100.0 * self.without_a_service as f64 / self.milliseconds.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_timed_and_those_that_lack_something_told() {
        let received = Received {
            milliseconds: (1..=100).map(f64::from).collect(),
            without_a_service: 5,
        };
        assert!((received.quantile(0.95) - 95.0).abs() < 1.0);
        assert!((received.share_without() - 5.0).abs() < 1e-9);
        assert!(has_notice(b"<p class=\"notice\"><strong>"));
        assert!(!has_notice(b"<p class=\"answer\">") && !has_notice(b""));
    }
}
