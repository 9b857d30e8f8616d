//! The whole case, started once for an oral and stopped with it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};

use crate::bounded::ends_with_us;
use crate::cargo;

/// The script that waits for the first forecast on a page.
const WAIT: &str = ".ci/wait-for-forecast";
/// Seconds left to the case before its first forecast.
const PATIENCE: &str = "300";

/// A `filrouge up` that runs.
pub struct RunningCase {
    child: Child,
}

impl RunningCase {
    /// Starts the case of the repository at `root` and waits for its first forecast.
    ///
    /// # Errors
    /// When it cannot be started, or when no forecast comes.
    pub fn start(root: &Path, page: &str) -> anyhow::Result<Self> {
        let mut program = cargo::command(root);
        program.args(["run", "--quiet", "--bin", "filrouge", "--", "up"]);
        let mut command = ends_with_us(&program, "INT");

        // Its own lines would stand among those of the oral.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let case = Self {
            child: command.spawn().context("sh est introuvable")?,
        };

        // From here on, a fault stops the programs that were started.
        case.wait_for_forecast(root, page)?;
        Ok(case)
    }

    fn wait_for_forecast(&self, root: &Path, page: &str) -> anyhow::Result<()> {
        let status = Command::new(root.join(WAIT))
            .args([page, &self.child.id().to_string(), PATIENCE])
            .stdout(Stdio::null())
            .status()
            .with_context(|| format!("{WAIT} est introuvable"))?;

        ensure!(
            status.success(),
            "cargo run -- up ne donne aucune prévision sur {page} (s'il tourne déjà : --no-case)"
        );
        Ok(())
    }
}

impl Drop for RunningCase {
    fn drop(&mut self) {
        // As Ctrl-C does: the case lets the requests under way finish.
        let line = format!("kill -INT {}", self.child.id());
        let _ = Command::new("sh").args(["-c", &line]).status();
        let _ = self.child.wait();
    }
}
