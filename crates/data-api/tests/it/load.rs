//! Behaviour under load, over real connections, bounded in number and in time.

use std::time::Duration;

use filrouge_http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::service::TestService;

const CLIENTS: usize = 40;
const REQUESTS: usize = 10;

struct Running {
    address: std::net::SocketAddr,
    token: String,
    stop: CancellationToken,
}

async fn run(service: &TestService) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let router = service.router.clone();
    tokio::spawn(filrouge_http::serve(listener, router, stop.clone().cancelled_owned()));
    Running { address, token: service.token("exporter").await, stop }
}

impl Running {
    async fn connect(&self, path: &str, token: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn get(&self, path: &str, token: &str) -> String {
        let mut answer = String::new();
        self.connect(path, token).await.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

// Preuve: C5.4 sous la charge, ni erreur 5xx ni attente sans fin : une réponse, ou 503 avec Retry-After
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_get_their_answer_or_are_told_when_to_come_back() {
    let service = TestService::start_with(Limits { concurrent_requests: 8, ..Limits::default() }).await;
    let running = std::sync::Arc::new(run(&service).await);
    let reader = service.token("reader").await;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (running, reader) = (std::sync::Arc::clone(&running), reader.clone());
            tokio::spawn(async move {
                let mut statuses = Vec::new();
                for _ in 0..REQUESTS {
                    let answer = running.get("/v1/station-hours?limit=50", &reader).await;
                    let retry = answer.to_ascii_lowercase().contains("\r\nretry-after: ");
                    statuses.push((answer[9..12].to_owned(), retry));
                }
                statuses
            })
        })
        .collect();
    let mut answered = 0;
    for client in clients {
        for (status, retry) in client.await.unwrap() {
            match status.as_str() {
                "200" => answered += 1,
                "503" => assert!(retry, "a 503 says when to come back"),
                other => panic!("status {other}"),
            }
        }
    }
    assert!(answered > 0);
}

// Preuve: C5.4 un client lent, qui lit un octet à la fois, n’arrête pas les autres
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_client_does_not_stop_the_others() {
    let service = TestService::start_with(Limits { concurrent_requests: 2, ..Limits::default() }).await;
    let running = run(&service).await;
    let mut slow = Vec::new();
    for _ in 0..8 {
        let mut stream = running.connect("/v1/station-hours/export", &running.token).await;
        let mut byte = [0];
        stream.read_exact(&mut byte).await.unwrap();
        slow.push(stream);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let reader = service.token("reader").await;
    for _ in 0..20 {
        let answer = running.get("/v1/stations", &reader).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}
