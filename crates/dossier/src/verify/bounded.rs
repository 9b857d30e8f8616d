//! A program run within bounds of time, memory and output.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

/// Bytes kept of a program's output; the rest is read and forgotten.
const OUTPUT_BYTES: u64 = 16 << 20;
/// Exit codes of `timeout` when the time is over, then when it had to kill.
const TIMES_UP: [i32; 2] = [124, 137];

/// Time and memory that a program may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// It is stopped after this time.
    pub time: Duration,
    /// Address space that it may reserve, in MiB.
    pub memory_mib: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(600),
            memory_mib: 16 << 10,
        }
    }
}

/// End of a program.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) output: String,
    pub(super) seconds: f64,
    code: Option<i32>,
    bounds: Bounds,
}

impl Bounds {
    /// Runs the program, its folder and variables as given, under coreutils' `timeout` and the
    /// shell's `ulimit`.
    pub(super) fn run(self, program: &Command) -> anyhow::Result<Run> {
        let started = Instant::now();
        let mut child = self
            .bound(program)
            .spawn()
            .context("timeout (coreutils) est introuvable")?;
        let output = child.stdout.take().map_or(Ok(Vec::new()), first_bytes)?;
        let status = child.wait()?;
        Ok(Run {
            output: String::from_utf8_lossy(&output).into_owned(),
            seconds: started.elapsed().as_secs_f64(),
            code: status.code(),
            bounds: self,
        })
    }

    fn bound(self, program: &Command) -> Command {
        let mut bounded = Command::new("timeout");
        // `ulimit -v` counts in KiB.
        let limit = format!("ulimit -v {} && exec \"$@\"", self.memory_mib << 10);

        // A program that ignores the first signal is killed five seconds later.
        bounded.args([
            "--kill-after=5",
            &self.time.as_secs_f64().to_string(),
            "sh",
            "-c",
            &limit,
            "sh",
        ]);

        bounded.arg(program.get_program()).args(program.get_args());
        if let Some(folder) = program.get_current_dir() {
            bounded.current_dir(folder);
        }

        for (name, value) in program.get_envs() {
            match value {
                Some(value) => bounded.env(name, value),
                None => bounded.env_remove(name),
            };
        }

        // A program that asks a question would wait for ever.
        bounded
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());

        bounded
    }
}

/// The bytes that are kept of an output.
fn first_bytes(mut stdout: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stdout.by_ref().take(OUTPUT_BYTES).read_to_end(&mut bytes)?;

    // Read to its end even past the bound: a full pipe would stop the program.
    std::io::copy(&mut stdout, &mut std::io::sink())?;
    Ok(bytes)
}

impl Run {
    /// True when the time was over before the end.
    pub(super) fn is_out_of_time(&self) -> bool {
        self.code.is_some_and(|code| TIMES_UP.contains(&code))
    }

    /// The reason of a failure, in French.
    pub(super) fn fault(&self) -> Option<String> {
        if self.code == Some(0) {
            return None;
        }
        if self.is_out_of_time() {
            return Some(format!("arrêté après {} s", self.bounds.time.as_secs_f64()));
        }
        Some(self.code.map_or_else(
            || "arrêté par un signal".to_owned(),
            |code| format!("code de sortie {code}"),
        ))
    }
}

#[cfg(test)]
mod tests;
