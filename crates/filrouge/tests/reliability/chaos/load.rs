//! A steady load: one thread reads, one forecasts, two write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle, sleep};
use std::time::Duration;

use serde_json::Value;

use super::test_bed::TestBed;
use crate::service::{FORM, form_of, try_ask};

/// Between two requests of one thread.
const PAUSE: Duration = Duration::from_millis(50);

/// The person whose consent is given and withdrawn.
pub(super) const PERSON: &str = "770041";

/// What never changes while the case goes on: hours that are counted.
const PAGE: &str = "/v1/station-hours?station_id=S1&limit=200";

/// What the threads saw.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) answered: u64,
    /// No answer, or one that refuses: the client tries again.
    pub(super) refused: u64,
    pub(super) wrong: u64,
    /// Consents that a command acknowledged.
    pub(super) consents: u64,
    /// Tokens that a service acknowledged to have revoked.
    pub(super) revoked: Vec<String>,
}

pub(super) struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Counts>>,
}

impl Load {
    pub(super) fn start(place: &Arc<TestBed>, base: u16) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let spawn = |work: fn(&TestBed, u16, &AtomicBool) -> Counts| {
            let (place, stop) = (Arc::clone(place), Arc::clone(&stop));
            thread::spawn(move || work(&place, base, &stop))
        };
        let threads = [read, forecast, revoke, consent].map(spawn);
        Self {
            threads: threads.into(),
            stop,
        }
    }

    pub(super) fn end(self) -> Counts {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Counts::default();
        for thread in self.threads {
            let counts = thread.join().unwrap();
            all.answered += counts.answered;
            all.refused += counts.refused;
            all.wrong += counts.wrong;
            all.consents += counts.consents;
            all.revoked.extend(counts.revoked);
        }
        all
    }
}

/// Repeats `ask` until the end; it gives whether the answer was right, or nothing for a refusal.
fn repeat(stop: &AtomicBool, mut ask: impl FnMut() -> Option<bool>) -> Counts {
    let mut counts = Counts::default();
    while !stop.load(Ordering::Relaxed) {
        match ask() {
            Some(is_right) => {
                counts.answered += 1;
                counts.wrong += u64::from(!is_right);
            }
            None => counts.refused += 1,
        }
        sleep(PAUSE);
    }
    counts
}

/// A token that is asked for again when the one before is refused.
struct Session<'a> {
    place: &'a TestBed,
    client_id: &'static str,
    port: u16,
    token: Option<String>,
}

impl Session<'_> {
    fn get(&mut self, path: &str) -> Option<String> {
        let token = match &self.token {
            Some(token) => token.clone(),
            None => token(self.place, self.client_id, self.port)?,
        };
        let header = format!("Authorization: Bearer {token}\r\n");
        let (status, body) = try_ask(self.port, "GET", path, &header, "").ok()?;

        self.token = Some(token).filter(|_| status != 401);
        (status == 200).then_some(body)
    }
}

fn token(place: &TestBed, client_id: &str, port: u16) -> Option<String> {
    let form = format!(
        "grant_type=client_credentials&{}",
        form_of(&place.program, client_id)
    );
    let (status, body) = try_ask(port, "POST", "/oauth/token", FORM, &form).ok()?;
    let body: Value = serde_json::from_str(&body).ok()?;
    let token = body["access_token"].as_str().map(str::to_owned);
    token.filter(|_| status == 200)
}

fn read(place: &TestBed, base: u16, stop: &AtomicBool) -> Counts {
    let mut session = Session {
        place,
        client_id: "demo",
        port: base + 1,
        token: None,
    };
    let mut first = None;
    repeat(stop, || {
        let body = session.get(PAGE)?;
        Some(*first.get_or_insert_with(|| body.clone()) == body)
    })
}

fn forecast(place: &TestBed, base: u16, stop: &AtomicBool) -> Counts {
    let mut session = Session {
        place,
        client_id: "demo",
        port: base + 2,
        token: None,
    };
    repeat(stop, || {
        let body = session.get("/v1/stations/S1/forecast")?;
        Some(serde_json::from_str(&body).is_ok_and(|forecast| is_sound(&forecast)))
    })
}

/// Each hour has an interval that holds its forecast.
fn is_sound(forecast: &Value) -> bool {
    let hours = forecast["items"]
        .as_array()
        .or(forecast["hours"].as_array());
    let is_within = |hour: &Value| {
        let number = |name: &str| hour[name].as_f64();
        let bounds = (number("demand_p10"), number("demand"), number("demand_p90"));
        matches!(bounds, (Some(low), Some(middle), Some(high)) if low <= middle && middle <= high)
    };
    hours.is_some_and(|hours| !hours.is_empty() && hours.iter().all(is_within))
}

fn revoke(place: &TestBed, base: u16, stop: &AtomicBool) -> Counts {
    let mut revoked = Vec::new();
    let counts = repeat(stop, || {
        let token = token(place, "demo", base + 1)?;
        let form = format!("token={token}&{}", form_of(&place.program, "demo"));
        let (status, _) = try_ask(base + 1, "POST", "/oauth/revoke", FORM, &form).ok()?;
        if status == 200 {
            revoked.push(token);
        }
        (status == 200).then_some(true)
    });
    Counts { revoked, ..counts }
}

fn consent(place: &TestBed, _: u16, stop: &AtomicBool) -> Counts {
    let (mut consents, mut is_given) = (0, false);
    let counts = repeat(stop, || {
        is_given = !is_given;
        let decision = if is_given { "--given" } else { "--withdrawn" };
        let output = place.run(&["gdpr", "consent", PERSON, decision]);
        consents += u64::from(output.status.success());
        output.status.success().then_some(true)
    });
    Counts { consents, ..counts }
}
