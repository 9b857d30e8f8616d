//! The services under measure: ours and its peer, each on the same database.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::bench::service::{Service, uvicorn};

/// Far from the default ports and from those of the whole case.
const PORT_BASE: u16 = 28_180;
/// A service that nothing disturbs has the export of the whole data set ready long before this.
pub(super) const PREPARATION: Duration = Duration::from_secs(15);

/// The token that opens the pages.
pub(super) const SCOPE: &str = "data:read";

impl Service {
    /// The data API of the program, on a state that was imported.
    pub(super) async fn data_api(program: &Path, state: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .args([
                "serve",
                "data-api",
                "--client-rate",
                "1000000",
                "--port-base",
                &PORT_BASE.to_string(),
                "--state",
            ])
            .arg(state);

        Self::start(&mut command, PORT_BASE + 1, "/health/live").await
    }

    /// The peer, on the same database, with the key that verifies the tokens of the service.
    pub(super) async fn peer(
        python: &Path,
        root: &Path,
        state: &Path,
        keys: &[u8],
    ) -> Result<Self> {
        let port = PORT_BASE + 2;
        let mut command = uvicorn(python, "data_api_peer:app", &root.join("tests/bench"), port);

        command.env("PEER_DATABASE", state.join("filrouge.sqlite"));
        command.env(
            "PEER_KEYS",
            String::from_utf8(keys.to_vec()).context("the keys are not text")?,
        );
        Self::start(&mut command, port, "/openapi.json").await
    }

    /// The whole body of a long answer, whose end is that of the connection.
    pub(super) async fn download(&self, path: &str, token: &str, media: &str) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)
            .await
            .context("nothing answers")?;

        // An older HTTP has no chunks to take out.
        let request = format!(
            "GET {path} HTTP/1.0\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\naccept: {media}\r\n\r\n"
        );

        stream
            .write_all(request.as_bytes())
            .await
            .context("the connection was closed")?;
        let mut answer = Vec::new();

        stream
            .read_to_end(&mut answer)
            .await
            .context("the connection was lost")?;
        let head = answer
            .windows(4)
            .position(|bytes| bytes == b"\r\n\r\n")
            .context("no head")?;

        ensure!(
            answer.get(9..12) == Some(b"200"),
            "{}",
            String::from_utf8_lossy(&answer[..head])
        );
        answer.drain(..head + 4);

        Ok(answer)
    }
}
