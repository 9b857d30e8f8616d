//! The peers measured beside the service; each ends with the value that is given.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::bench::service::{Service, uvicorn};
use crate::cargo::cargo;

/// The same route without a model, whose clients are those of the state.
pub(super) async fn constant(root: &Path, state: &Path, port: u16) -> Result<Service> {
    let built = cargo(root)
        .args(["build", "--quiet", "--workspace", "--example", "constant"])
        .status();

    ensure!(
        built.context("cannot run cargo")?.success(),
        "the example `constant` cannot be built"
    );
    let here = std::env::current_exe().context("cannot find this program")?;
    let mut command = Command::new(here.with_file_name("examples").join("constant"));

    command
        .arg(port.to_string())
        .arg(state.join("credentials.json"));

    Service::start(&mut command, port, "/health/live").await
}

/// The same file behind FastAPI.
pub(super) async fn fastapi(
    root: &Path,
    python: &Path,
    model: &Path,
    features: &Path,
    public_keys: &[u8],
    port: u16,
) -> Result<Service> {
    let mut command = uvicorn(python, "app:app", &root.join("tests/bench/serving"), port);

    command.env("MODEL", model).env("FEATURES", features);
    command.env(
        "JWKS",
        String::from_utf8(public_keys.to_vec()).context("the keys are not text")?,
    );
    Service::start(&mut command, port, "/openapi.json").await
}

/// The same file behind MLServer, in its own process: its other mode, a pool of processes, was
/// slower.
pub(super) async fn mlserver(
    root: &Path,
    python: &Path,
    model: &Path,
    port: u16,
) -> Result<Service> {
    let mut command = Command::new(python);
    command
        .args(["-m", "mlserver.cli.main", "start", "."])
        .current_dir(root.join("tests/bench/serving/mlserver"))
        .env("MLSERVER_HTTP_PORT", port.to_string())
        .env("MLSERVER_GRPC_PORT", (port + 10).to_string())
        .env("MLSERVER_METRICS_PORT", (port + 11).to_string())
        .env("MLSERVER_MODEL_URI", model)
        // It writes a line for each request there.
        .stderr(Stdio::null());

    Service::start(&mut command, port, "/v2/models/demand/ready").await
}
