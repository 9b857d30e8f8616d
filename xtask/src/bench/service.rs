//! A service under measure: started, waited for, asked for the tokens of its clients, stopped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::http_client::{Connection, get, post};
use super::process::Running;

/// A start makes a whole case, opens a database of a million rows, or loads some Python.
const START_TIMEOUT: Duration = Duration::from_secs(300);

/// A program that answers.
pub(crate) struct Service {
    pub(crate) process: Running,
    pub(crate) address: SocketAddr,
}

impl Service {
    /// Starts a program, and waits until it answers well at `path` of a port of loopback.
    pub(crate) async fn start(command: &mut Command, port: u16, path: &str) -> Result<Self> {
        let process = Running::start(command.stdout(Stdio::null()))?;
        let mut service = Self {
            process,
            address: loopback(port),
        };
        let (start, request) = (Instant::now(), get(path, ""));

        while body(service.address, &request).await.is_err() {
            if let Some(status) = service.process.ended()? {
                bail!(
                    "`{}` ended before it answered: {status}",
                    command.get_program().display()
                );
            }

            ensure!(
                start.elapsed() < START_TIMEOUT,
                "nothing answers at {} after {START_TIMEOUT:?}",
                service.address
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }

        Ok(service)
    }

    /// The body of an answer of status 200.
    pub(crate) async fn get(&self, request: &[u8]) -> Result<Vec<u8>> {
        body(self.address, request).await
    }

    /// As [`tokens`].
    pub(crate) async fn tokens(&self, state: &Path, scope: &str) -> Result<Vec<String>> {
        tokens(self.address, state, scope).await
    }
}

/// A Python application behind uvicorn: a process for each of the two cores, the fastest of its
/// loops and of its parsers, and no log of requests.
pub(crate) fn uvicorn(python: &Path, application: &str, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(python);

    command
        .args(["-m", "uvicorn", application, "--app-dir"])
        .arg(folder)
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--workers", "2", "--loop", "uvloop", "--http", "httptools"])
        .args(["--no-access-log", "--log-level", "warning"]);
    command
}

/// An address of this machine that no other can reach.
pub(crate) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// The body of an answer of status 200.
pub(crate) async fn body(address: SocketAddr, request: &[u8]) -> Result<Vec<u8>> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(request).await?;
    ensure!(
        answer.status() == 200,
        "status {}: {}",
        answer.status(),
        String::from_utf8_lossy(answer.body)
    );
    Ok(answer.body.to_vec())
}

/// A token of every client that has `scope`, whose secrets the state holds: one client alone has
/// its rate limited. The demonstration's is the first.
pub(crate) async fn tokens(address: SocketAddr, state: &Path, scope: &str) -> Result<Vec<String>> {
    let credentials = std::fs::read(state.join("credentials.json")).context("no credentials")?;
    let clients: Vec<Credential> =
        serde_json::from_slice(&credentials).context("credentials are not JSON")?;

    let mut tokens = Vec::new();
    for client in clients {
        if client.scopes.iter().any(|own| own == scope) {
            tokens.push(token(address, &client).await?);
        }
    }

    ensure!(!tokens.is_empty(), "no client has `{scope}`");
    Ok(tokens)
}

/// A client of `credentials.json`.
#[derive(Deserialize)]
struct Credential {
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
}

async fn token(address: SocketAddr, client: &Credential) -> Result<String> {
    // Neither identifiers nor secrets of ours hold a character that a form must escape.
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        client.client_id, client.client_secret
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer = body(address, &post("/oauth/token", &headers, form.as_bytes())).await?;
    let answer: serde_json::Value =
        serde_json::from_slice(&answer).context("the token is not JSON")?;

    Ok(answer["access_token"]
        .as_str()
        .context("no token")?
        .to_owned())
}
