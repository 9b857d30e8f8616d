use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::requests::{get, token};
use crate::cargo::cargo;

/// How long a peer may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A secret of a peer that lives for a minute on loopback.
const SECRET: &str = "measured-on-loopback-for-a-minute";

/// A server that is measured beside ours; it ends with this value.
pub(super) struct Peer {
    pub(super) address: String,
    child: Child,
}

impl Peer {
    /// The same route without a model.
    pub(super) fn constant(root: &Path, port: u16) -> Result<Self> {
        let built = cargo(root).args(["build", "--quiet", "--workspace", "--example", "constant"]).status();
        ensure!(built.context("cannot run cargo")?.success(), "the example `constant` cannot be built");
        let here = std::env::current_exe().context("cannot find this program")?;
        let mut command = Command::new(here.with_file_name("examples").join("constant"));
        command.args([&port.to_string(), SECRET]);
        Self::start(command, port, "/health/live")
    }

    /// The same file behind FastAPI: two processes of uvicorn, as many as there are cores.
    pub(super) fn fastapi(
        root: &Path,
        python: &Path,
        model: &Path,
        features: &Path,
        public_keys: &str,
        port: u16,
    ) -> Result<Self> {
        let mut command = Command::new(python);
        command
            .args(["-m", "uvicorn", "app:app", "--workers", "2", "--no-access-log", "--log-level", "warning", "--port"])
            .arg(port.to_string())
            .current_dir(root.join("tests/bench/serving"))
            .env("MODEL", model)
            .env("FEATURES", features)
            .env("JWKS", public_keys);
        Self::start(command, port, "/openapi.json")
    }

    /// The same file behind MLServer, in its own process: its other mode, a pool of processes, was slower.
    pub(super) fn mlserver(root: &Path, python: &Path, model: &Path, port: u16) -> Result<Self> {
        let folder = root.join("tests/bench/serving/mlserver");
        let mut command = Command::new(python);
        command
            .args(["-m", "mlserver.cli.main", "start", "."])
            .current_dir(folder)
            .env("MLSERVER_HTTP_PORT", port.to_string())
            .env("MLSERVER_GRPC_PORT", (port + 10).to_string())
            .env("MLSERVER_METRICS_PORT", (port + 11).to_string())
            .env("MLSERVER_MODEL_URI", model);
        Self::start(command, port, "/v2/models/demand/ready")
    }

    /// A token of the peer's own.
    pub(super) fn token(&self) -> Result<String> {
        token(&self.address, SECRET)
    }

    fn start(mut command: Command, port: u16, ready: &str) -> Result<Self> {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
        let mut peer = Self { address: format!("http://127.0.0.1:{port}"), child };
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if get(&format!("{}{ready}", peer.address), None).is_ok() {
                return Ok(peer);
            }
            if let Some(status) = peer.child.try_wait().context("cannot watch a peer")? {
                bail!("{:?} ended before it answered: {status}", command.get_program());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        bail!("{:?} does not answer", command.get_program())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Asked to stop first, so that it stops its own workers too.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}
