//! The checker of Prometheus.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A `promtool`, which knows the conventions of Prometheus.
#[derive(Debug)]
pub struct Promtool(PathBuf);

/// The `promtool` of the machine.
#[track_caller]
#[must_use]
pub fn promtool() -> Option<Promtool> {
    crate::program("promtool", "apt-get install prometheus").map(Promtool)
}

impl Promtool {
    /// What `promtool check metrics` objects to; empty when it has nothing to say.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn objections(&self, metrics: &str) -> io::Result<String> {
        let mut checker = Command::new(&self.0)
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        // Dropped at once: the checker reads to the end.
        if let Some(mut input) = checker.stdin.take() {
            input.write_all(metrics.as_bytes())?;
        }

        let output = checker.wait_with_output()?;
        let words =
            String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        Ok(match output.status.success() {
            true => words.into_owned(),
            false => format!("{}: {words}", output.status),
        })
    }
}
