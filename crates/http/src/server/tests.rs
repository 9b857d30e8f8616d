//! The front door, by real sockets: what a client sends by halves, by drips, or not at all.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use filrouge_types::FixedClock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::*;
use crate::Limits;
use crate::testing::{self, authority, config, start};

/// Nothing is asserted of the time that passes: this only keeps a fault from hanging the tests.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    address: std::net::SocketAddr,
    _stop: DropGuard,
}

/// A service with two routes, behind its shell.
fn router(limits: Limits) -> Router {
    let authority = authority(config(), &FixedClock::at(start()));
    let routes = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route(
            "/length",
            post(|body: Bytes| async move { body.len().to_string() }),
        );
    testing::service(authority, limits, routes)
}

impl Server {
    async fn start(limits: Limits) -> Self {
        Self::with(limits, ConnectionLimits::default()).await
    }

    async fn with(limits: Limits, connections: ConnectionLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(serve_within(listener, router(limits), connections, stopped));
        Self {
            address,
            _stop: stop.drop_guard(),
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends these bytes; gives all that the server says until it closes.
    async fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        rest(&mut stream).await
    }
}

/// All that the server says until it closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A connection may be reset once the server has said all: what came is what counts.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the server closes the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the server says first.
async fn first(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 2048];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut bytes))
        .await
        .expect("the server answers");
    String::from_utf8_lossy(&bytes[..read.unwrap()]).into_owned()
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let server = Server::start(Limits::default()).await;
    let cases = [
        ("Host: a\r\n", "HTTP/1.1 200"),
        ("", "HTTP/1.1 400"),
        ("Host: a\r\nHost: b\r\n", "HTTP/1.1 400"),
    ];

    for (host, expected) in cases {
        let request = format!("GET /hello HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        let answer = server.say(request.as_bytes()).await;
        assert!(answer.starts_with(expected), "{host:?}: {answer}");
    }
}

#[tokio::test]
async fn http_2_is_not_spoken() {
    let server = Server::start(Limits::default()).await;
    let answer = server
        .say(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await;
    // A server that speaks it begins with a frame of settings.
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_sent() {
    let server = Server::start(Limits {
        body_bytes: 10,
        ..Limits::default()
    })
    .await;
    let ask = |length| {
        format!(
            "POST /length HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
        )
    };

    let mut stream = server.connect().await;
    stream.write_all(ask(10).as_bytes()).await.unwrap();
    assert!(first(&mut stream).await.starts_with("HTTP/1.1 100"));
    stream.write_all(b"0123456789").await.unwrap();
    assert!(first(&mut stream).await.starts_with("HTTP/1.1 200"));

    let mut stream = server.connect().await;
    stream.write_all(ask(11).as_bytes()).await.unwrap();
    let answer = first(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_body_that_does_not_come_takes_no_place() {
    let server = Server::start(Limits {
        concurrent_requests: 1,
        ..Limits::default()
    })
    .await;
    let mut halves = Vec::new();
    for _ in 0..4 {
        let mut stream = server.connect().await;
        let half = b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234";
        stream.write_all(half).await.unwrap();
        halves.push(stream);
    }

    for _ in 0..10 {
        let answer = server
            .say(b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

const HELLO: &[u8] = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

/// Times short enough for a test, which only waits for the end of a connection.
fn hasty() -> ConnectionLimits {
    let short = Duration::from_millis(100);
    ConnectionLimits {
        header_time: short,
        idle_time: short,
        stalled_time: short,
        ..ConnectionLimits::default()
    }
}

/// Sends one byte again and again until the server closes.
async fn drip(stream: &mut TcpStream, byte: &[u8]) -> String {
    let (mut reader, mut writer) = stream.split();
    let mut said = Vec::new();
    let dripping = async {
        while writer.write_all(byte).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        std::future::pending::<()>().await;
    };
    let ended = async {
        tokio::select! {
            _ = reader.read_to_end(&mut said) => {}
            () = dripping => {}
        }
    };
    tokio::time::timeout(PATIENCE, ended)
        .await
        .expect("the server closes the connection");
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = Server::with(Limits::default(), hasty()).await;
    assert_eq!(server.say(b"").await, "");

    let mut stream = server.connect().await;
    stream.write_all(HELLO).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "closed once idle");
}

#[tokio::test]
async fn half_a_header_and_one_that_drips_are_closed() {
    let server = Server::with(Limits::default(), hasty()).await;
    assert_eq!(server.say(b"GET /hello HTTP/1.1\r\nHost").await, "");

    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /hello HTTP/1.1\r\nX: ")
        .await
        .unwrap();
    assert_eq!(drip(&mut stream, b"x").await, "");

    // Between two requests too.
    let mut stream = server.connect().await;
    stream.write_all(HELLO).await.unwrap();
    first(&mut stream).await;
    drip(&mut stream, b"G").await;
}

#[tokio::test]
async fn a_body_that_drips_is_told_and_closed() {
    let server = Server::start(Limits {
        time_to_read: Duration::from_millis(100),
        ..Limits::default()
    })
    .await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        .await
        .unwrap();

    let answer = drip(&mut stream, b"x").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("/problems/too-slow"), "{answer}");
}

#[tokio::test]
async fn a_header_without_end_is_refused() {
    let server = Server::start(Limits::default()).await;
    let header = format!(
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
        "x".repeat(20_000)
    );
    let answer = server.say(header.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_reader_that_takes_nothing_loses_its_connection() {
    let server = Server::with(Limits::default(), hasty()).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();

    // Nothing is read for longer than the server waits.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut taken = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut taken))
        .await
        .expect("the server closes the connection");
    assert!(taken.len() < 64 << 20, "{} bytes", taken.len());
}

#[tokio::test]
async fn a_connection_too_many_is_turned_away_and_its_place_comes_back() {
    let server = Server::with(
        Limits::default(),
        ConnectionLimits {
            connections_per_address: 2,
            ..ConnectionLimits::default()
        },
    )
    .await;
    let (mut one, _two) = (server.connect().await, server.connect().await);
    one.write_all(HELLO).await.unwrap();
    first(&mut one).await;

    let refused = server.say(b"").await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");

    drop(one);
    loop {
        // The server learns of the end in its own time.
        let answer = server
            .say(b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await;
        if answer.starts_with("HTTP/1.1 200") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_stop_lets_the_requests_under_way_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let (begun, wait) = (CancellationToken::new(), CancellationToken::new());
    let (began, released) = (begun.clone(), wait.clone());
    let routes = Router::new().route(
        "/slow",
        get(|| async move {
            began.cancel();
            released.cancelled().await;
            "done"
        }),
    );
    let served = tokio::spawn(serve(listener, routes, stop.clone().cancelled_owned()));

    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    begun.cancelled().await;
    stop.cancel();
    wait.cancel();

    assert!(rest(&mut stream).await.ends_with("done"));
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_download_under_way_has_the_time_of_a_supervisor_to_reach_its_end() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let begun = CancellationToken::new();
    let began = begun.clone();
    let routes = Router::new().route(
        "/export",
        get(|| async move {
            began.cancel();
            tokio::time::sleep(Duration::from_secs(7)).await;
            "the last line"
        }),
    );
    let stopped = stop.clone().cancelled_owned();
    // A runtime of its own ends with the service, as a process does: what is not sent is cut.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            serve(listener, routes, stopped).await.unwrap();
        });
    });

    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"GET /export HTTP/1.1\r\nHost: a\r\n\r\n";
    stream.write_all(request).await.unwrap();
    begun.cancelled().await;
    stop.cancel();

    let received = rest(&mut stream).await;
    assert!(
        received.ends_with("the last line"),
        "the download was cut: {received:?}"
    );
}
