//! Behaviour under load, over real connections, bounded in number and in time.

use std::time::Duration;

use filrouge_http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::service::{TestService, import, sample_of};

const CLIENTS: usize = 40;
const REQUESTS: usize = 10;
/// Places for exports.
const EXPORTS: usize = 4;

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
    tokio::spawn(filrouge_http::serve(
        listener,
        router,
        stop.clone().cancelled_owned(),
    ));
    Running {
        address,
        token: service.token("exporter").await,
        stop,
    }
}

impl Running {
    async fn connect_as(&self, path: &str, token: &str, accept: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {token}\r\naccept: {accept}\r\n\
             connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn get(&self, path: &str, token: &str) -> String {
        let mut answer = String::new();
        self.connect_as(path, token, "*/*")
            .await
            .read_to_string(&mut answer)
            .await
            .unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_get_their_answer_or_are_told_when_to_come_back() {
    let service = TestService::start_with(Limits {
        concurrent_requests: 8,
        ..Limits::default()
    })
    .await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_at_once_are_all_answered() {
    let service = TestService::start().await;
    let running = std::sync::Arc::new(run(&service).await);
    let reader = service.token("reader").await;
    let mut clients = JoinSet::new();
    for _ in 0..200 {
        let (running, reader) = (std::sync::Arc::clone(&running), reader.clone());
        clients.spawn(async move {
            for path in ["/v1/station-hours", "/v1/stations", "/v1/conditions"] {
                let answer = running.get(path, &reader).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
}

/// Reads one byte now and then, far slower than the service writes, until it is dropped.
async fn read_slowly(mut stream: TcpStream) {
    while stream.read_u8().await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_hold_their_own_exports_back_and_nobody_else() {
    let service = TestService::start_with(Limits {
        concurrent_requests: 8,
        ..Limits::default()
    })
    .await;
    // Longer than what the system keeps for a client that does not read.
    import(&service.database, "b", sample_of(8_000)).await;
    let running = run(&service).await;
    let export = "/v1/station-hours/export";
    let mut slow = JoinSet::new();
    for _ in 0..EXPORTS {
        let mut stream = running
            .connect_as(export, &running.token, "application/json")
            .await;
        assert_eq!(
            stream.read_u8().await.unwrap(),
            b'H',
            "the export has begun"
        );
        slow.spawn(read_slowly(stream));
    }
    let reader = service.token("reader").await;
    for _ in 0..20 {
        let answer = running.get("/v1/station-hours?limit=1000", &reader).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let refused = running.get(export, &running.token).await;
    assert!(
        refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: "),
        "{refused}"
    );
    slow.shutdown().await;
    while !running
        .get(export, &running.token)
        .await
        .starts_with("HTTP/1.1 200")
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
