//! The data API on a million station-hours: a minute under load, an export, and a page beside
//! FastAPI with SQLAlchemy.

mod beside;
mod export;
mod load;
mod service;
mod state;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::process::printed;
use super::{Measurements, whole_case};

/// The program, the state that it serves, and the Python that has the peers.
struct Setting<'a> {
    root: &'a Path,
    program: &'a Path,
    state: &'a Path,
    python: Option<&'a Path>,
}

/// Measures the service that `cargo build` gives, and its peers with `python`.
pub(crate) fn measure(
    root: &Path,
    python: Option<&Path>,
    measurements: &mut Measurements,
) -> Result<()> {
    let program = whole_case::build(root)?;

    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let state = folder.path().join("state");
    state::write(&state)?;
    import(&program, &state)?;

    let setting = Setting {
        root,
        program: &program,
        state: &state,
        python,
    };

    // The client shares the processors with the service: one thread is enough.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    runtime.block_on(async {
        export::measure(&setting, measurements).await?;
        load::measure(&setting, measurements).await?;
        beside::measure(&setting, measurements).await
    })
}

fn import(program: &Path, state: &Path) -> Result<()> {
    printed(
        Command::new(program)
            .args(["import", "--state"])
            .arg(state)
            .env_remove("DATABASE_URL"),
    )
    .map(drop)
}
