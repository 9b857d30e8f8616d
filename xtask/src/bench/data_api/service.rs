//! The service under measure: started on a state, asked for a token, stopped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bench::http_client::Connection;
use crate::bench::process::Running;

/// Far from the default ports and from those of the whole case.
const PORT_BASE: u16 = 28_180;
/// A start opens a database of a million rows, or some Python.
const PATIENCE: Duration = Duration::from_secs(60);
/// A service that nothing disturbs has the export of the whole data set ready long before this.
pub(super) const PREPARATION: Duration = Duration::from_secs(15);

/// A program that listens.
pub(super) struct Service {
    pub(super) process: Running,
    pub(super) address: SocketAddr,
}

impl Service {
    /// The data API of the program, on a state that was imported.
    pub(super) async fn data_api(program: &Path, state: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["serve", "data-api", "--port-base", &PORT_BASE.to_string(), "--state"]).arg(state);
        Self::start(command, PORT_BASE + 1).await
    }

    /// The peer, on the same database, with the key that verifies the tokens of the service.
    pub(super) async fn peer(python: &Path, root: &Path, state: &Path, keys: &[u8]) -> Result<Self> {
        let port = PORT_BASE + 2;
        let mut command = Command::new(python);
        command.args(["-m", "uvicorn", "data_api_peer:app", "--app-dir"]).arg(root.join("tests/bench"));
        command.args(["--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log"]);
        command.args(["--log-level", "warning", "--host", "127.0.0.1", "--port", &port.to_string()]);
        command.env("PEER_DATABASE", state.join("filrouge.sqlite"));
        command.env("PEER_KEYS", String::from_utf8(keys.to_vec()).context("the keys are not text")?);
        Self::start(command, port).await
    }

    async fn start(mut command: Command, port: u16) -> Result<Self> {
        let process = Running::start(command.stdout(Stdio::null()))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let ready = async {
            while Connection::open(address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, ready).await;
        waited.with_context(|| format!("nothing listens at {address} after {} s", PATIENCE.as_secs()))?;
        Ok(Self { process, address })
    }

    /// The body of an answer of status 200.
    pub(super) async fn get(&self, request: &[u8]) -> Result<Vec<u8>> {
        let mut connection = Connection::open(self.address).await?;
        let answer = connection.ask(request).await?;
        ensure!(answer.status() == 200, "status {}: {}", answer.status(), String::from_utf8_lossy(answer.body));
        Ok(answer.body.to_vec())
    }

    /// The whole body of a long answer, whose end is that of the connection.
    pub(super) async fn download(&self, path: &str, token: &str, media: &str) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address).await.context("nothing answers")?;
        // An older HTTP has no chunks to take out.
        let request = format!("GET {path} HTTP/1.0\r\nauthorization: Bearer {token}\r\naccept: {media}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.context("the connection was closed")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.context("the connection was lost")?;
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").context("no head")?;
        ensure!(answer.get(9..12) == Some(b"200"), "{}", String::from_utf8_lossy(&answer[..head]));
        answer.drain(..head + 4);
        Ok(answer)
    }

    /// A token of every client that may read, whose secrets the state holds: one client alone has its rate limited. The
    /// demonstration's, which may export too, is the first.
    pub(super) async fn tokens(&self, state: &Path) -> Result<Vec<String>> {
        let credentials = std::fs::read(state.join("credentials.json")).context("no credentials")?;
        let clients: Vec<Credential> = serde_json::from_slice(&credentials).context("credentials are not JSON")?;
        let mut tokens = Vec::new();
        for client in clients.iter().filter(|client| client.scopes.iter().any(|scope| scope == "data:read")) {
            tokens.push(self.token(client).await?);
        }
        ensure!(!tokens.is_empty(), "no client may read");
        Ok(tokens)
    }

    async fn token(&self, client: &Credential) -> Result<String> {
        let Credential { client_id, client_secret, .. } = client;
        let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}");
        let request = format!(
            "POST /oauth/token HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{form}",
            form.len()
        );
        let answer: serde_json::Value = serde_json::from_slice(&self.get(request.as_bytes()).await?)?;
        Ok(answer["access_token"].as_str().context("no token")?.to_owned())
    }
}

/// A client of `credentials.json`.
#[derive(Deserialize)]
struct Credential {
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
}
