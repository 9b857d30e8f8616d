//! One client that floods the service in every way beside one that behaves, by real sockets on this
//! machine, bounded in count and in time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use filrouge_http::RateLimit;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::support::{Service, this_hour};

/// Requests of the polite client, quiet then beside the flood.
const POLITE: usize = 100;

/// Connections of the flood, and the requests of each.
const FLOOD: (usize, usize) = (32, 50);

/// Connections of each other kind of attack.
const ATTACKS: usize = 20;

/// A connection kept open, on which requests are sent one after the other.
struct Connection(BufReader<TcpStream>);

impl Connection {
    async fn open(address: &str) -> Self {
        Self(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    /// Sends a request; gives the status of its answer, whose body is read and dropped.
    async fn ask(&mut self, request: &[u8]) -> std::io::Result<u16> {
        self.0.get_mut().write_all(request).await?;
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());

        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).await?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
        }
        self.0.read_exact(&mut vec![0; length]).await?;
        status.ok_or(std::io::ErrorKind::UnexpectedEof.into())
    }
}

fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The median time of requests that all succeed, from a thread and a runtime of its own: it measures
/// the service, not the tasks of the flood beside it.
async fn median(address: &str, token: &str) -> Duration {
    let (address, token) = (address.to_owned(), token.to_owned());
    let alone = move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        runtime.block_on(times(&address, &token))
    };

    let mut times = tokio::task::spawn_blocking(alone).await.unwrap();
    times.sort();
    times[times.len() / 2]
}

async fn times(address: &str, token: &str) -> Vec<Duration> {
    let mut connection = Connection::open(address).await;
    let forecast = request("GET", "/v1/stations/A/forecast", token, "");
    let mut times = Vec::new();

    for _ in 0..POLITE {
        let start = Instant::now();
        let status = connection.ask(&forecast).await.unwrap();
        times.push(start.elapsed());
        assert_eq!(status, 200, "the polite client is served");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times
}

/// Requests of as many rows as one may have, each of a weather that nobody asked for before. They
/// are written once, before anything is measured.
fn greedy_requests(token: &str) -> Vec<Vec<u8>> {
    let asked = (0..FLOOD.1).map(|number| {
        let weather = json!({"temperature_c": number});
        let item = json!({"station_id": "A", "hour": this_hour(), "weather": weather});
        let body = json!({"items": vec![item; 1000]}).to_string();
        request("POST", "/v1/predictions", token, &body)
    });
    asked.collect()
}

/// Asks over and over, as soon as it is answered.
async fn flood(address: String, requests: Arc<Vec<Vec<u8>>>) -> Vec<u16> {
    let mut connection = Connection::open(&address).await;
    let mut statuses = Vec::new();
    for asked in requests.iter() {
        statuses.push(connection.ask(asked).await.unwrap());
    }
    statuses
}

/// Sends these bytes, then one more now and then, until it is stopped or the server closes.
async fn hold(address: String, bytes: &'static [u8], drip: Option<&'static [u8]>) {
    let Ok(mut stream) = TcpStream::connect(&address).await else {
        return;
    };
    let _ = stream.write_all(bytes).await;
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if let Some(byte) = drip
            && stream.write_all(byte).await.is_err()
        {
            return;
        }
    }
}

// Preuve: C9.3 un client qui inonde le service ne prive pas un autre de ses réponses
#[tokio::test(flavor = "multi_thread")]
async fn a_polite_client_is_served_beside_one_that_floods() {
    let service = Service::ready_with(RateLimit::per_second(500)).await;
    let address = service.listen().await;
    let (polite, greedy) = (service.token("demo").await, service.token("greedy").await);
    let greedy = Arc::new(greedy_requests(&greedy));
    let quiet = median(&address, &polite).await;

    let mut attacks = JoinSet::new();
    let post = b"POST /v1/predictions HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n{";
    for _ in 0..ATTACKS {
        attacks.spawn(hold(address.clone(), b"", None));
        attacks.spawn(hold(address.clone(), b"GET / HTTP/1.1\r\nX: ", Some(b"x")));
        attacks.spawn(hold(address.clone(), post, None));
        attacks.spawn(hold(address.clone(), post, Some(b" ")));
        attacks.spawn(hold(
            address.clone(),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            None,
        ));
    }
    let mut floods = JoinSet::new();
    for _ in 0..FLOOD.0 {
        floods.spawn(flood(address.clone(), Arc::clone(&greedy)));
    }

    let beside = median(&address, &polite).await;
    attacks.abort_all();
    let flooded = floods.join_all().await.concat();

    let refused = flooded.iter().filter(|status| **status == 429).count();
    assert!(refused > 0 && flooded.iter().all(|status| [200, 429].contains(status)));
    println!(
        "polite client: median {quiet:?} quiet, {beside:?} beside the flood ({:.1} times); \
         {refused} of {} requests of the flood refused",
        beside.as_secs_f64() / quiet.as_secs_f64(),
        flooded.len()
    );
}
