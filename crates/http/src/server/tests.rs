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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(serve(listener, router(limits), stopped));
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
