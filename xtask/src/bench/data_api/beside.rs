//! Pages, the same byte for byte, from this service and from FastAPI with SQLAlchemy: one that is
//! asked for again and again, which the service keeps, then pages that nobody has asked for since
//! long. Each is measured twice, in turn.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::service::SCOPE;
use super::{Setting, state};
use crate::bench::http_client::{Answers, Load, get};
use crate::bench::service::Service;
use crate::bench::{Measurements, report};

/// Enough to keep both processors busy, few enough that latency is the service's and not the
/// queue's.
const CLIENTS: usize = 32;
const DURATION: Duration = Duration::from_secs(10);
const WARM_UP: Duration = Duration::from_secs(3);
const ROUNDS: usize = 2;
/// Far more than the service keeps.
const DISTINCT_PAGES: u32 = 19_000;

pub(super) async fn measure(setting: &Setting<'_>, measurements: &mut Measurements) -> Result<()> {
    let Some(python) = setting.python else {
        return Ok(());
    };
    let service = Service::data_api(setting.program, setting.state).await?;
    let tokens = service.tokens(setting.state, SCOPE).await?;
    let keys = service.get(&get("/.well-known/jwks.json", "")).await?;
    let peer = Service::peer(python, setting.root, setting.state, &keys).await?;

    let same: Vec<_> = tokens.iter().map(|token| page(10_000, token)).collect();
    let distinct: Vec<_> = (0..DISTINCT_PAGES)
        .zip(tokens.iter().cycle())
        .map(|(hour, token)| page(hour, token))
        .collect();
    for (name, requests) in [("page", same), ("distinct_page", distinct)] {
        beside(name, &service, &peer, &requests, measurements).await?;
    }

    peer.process.stop()?;
    service.process.stop()
}

/// A hundred station-hours and the name of the next page.
fn page(hour: u32, token: &str) -> Vec<u8> {
    get(
        &format!("/v1/station-hours?from={}&limit=100", state::instant(hour)),
        token,
    )
}

async fn beside(
    name: &str,
    service: &Service,
    peer: &Service,
    requests: &[Vec<u8>],
    measurements: &mut Measurements,
) -> Result<()> {
    require_same_body(service, peer, &requests[requests.len() / 2]).await?;
    let (mut best, mut best_of_peer) = (Answers::default(), Answers::default());

    // In turn, so that a machine that slows down slows both; the best of each is kept.
    for _ in 0..ROUNDS {
        best = better(best, ask(service, requests).await?);
        best_of_peer = better(best_of_peer, ask(peer, requests).await?);
    }

    record(name, &best, &best_of_peer, measurements);
    Ok(())
}

/// A fast answer that differs would be no measurement.
async fn require_same_body(service: &Service, peer: &Service, request: &[u8]) -> Result<()> {
    let (ours, theirs) = (service.get(request).await?, peer.get(request).await?);
    ensure!(
        ours == theirs,
        "the two bodies differ:\n{}\n{}",
        excerpt(&ours),
        excerpt(&theirs)
    );
    Ok(())
}

fn record(name: &str, best: &Answers, of_peer: &Answers, measurements: &mut Measurements) {
    let times_more = best.per_second() / of_peer.per_second();
    let p99_divided_by = of_peer.quantile_ms(0.99) / best.quantile_ms(0.99);

    for (whose, answers) in [("data API", best), ("FastAPI", of_peer)] {
        let (p50, p99) = (answers.quantile_ms(0.5), answers.quantile_ms(0.99));
        report(&format!(
            "{name}: {whose} {:.0} requests/s, p50 {p50:.2} ms, p99 {p99:.2} ms",
            answers.per_second()
        ));
    }

    report(&format!(
        "{name}: {times_more:.1} × the requests/s, p99 divided by {p99_divided_by:.1}"
    ));
    measurements.record(&format!("{name}_requests_per_second"), best.per_second());
    measurements.record(&format!("{name}_p99_ms"), best.quantile_ms(0.99));
    measurements.record(&format!("{name}_times_requests_of_fastapi"), times_more);
    measurements.record(&format!("{name}_fastapi_p99_divided_by"), p99_divided_by);
}

async fn ask(service: &Service, requests: &[Vec<u8>]) -> Result<Answers> {
    let load = Load {
        address: service.address,
        requests: requests.to_vec(),
        clients: CLIENTS,
        duration: DURATION,
    };
    load.run_warm(WARM_UP).await
}

fn better(one: Answers, other: Answers) -> Answers {
    if one.per_second() > other.per_second() {
        one
    } else {
        other
    }
}

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(600)]).into_owned()
}
