//! Programs run to be measured: processor time, memory at its highest, clean stop.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo::cargo;

/// Processor minutes of `cargo build` from nothing, in a folder of its own.
pub(crate) fn cold_build_cpu_minutes(root: &Path) -> Result<f64> {
    let target = tempfile::tempdir().context("cannot make a temporary folder")?;
    let before = children_user_seconds()?;

    // Incremental builds write more and are no part of a first build.
    let status = cargo(root)
        .args(["build", "--quiet"])
        .env("CARGO_TARGET_DIR", target.path())
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "`cargo build` failed");
    Ok((children_user_seconds()? - before) / 60.0)
}

/// User time of the ended children of this process, from proc(5), field 16 in clock ticks.
fn children_user_seconds() -> Result<f64> {
    // `getconf CLK_TCK`: the same on every Linux of today.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").context("cannot read /proc/self/stat")?;
    // The name of the program may hold spaces: fields are counted after it.
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    // The first after the name is field 3.
    let ticks = after_name.split(' ').nth(13);
    let ticks = ticks.context("/proc/self/stat is shorter than expected")?;
    let ticks: f64 = ticks
        .parse()
        .context("/proc/self/stat does not give ticks")?;
    Ok(ticks / TICKS_PER_SECOND)
}

/// Memory of a running process at its highest since its start, MiB.
pub(crate) fn peak_memory_mib(process: u32) -> Result<f64> {
    memory_mib(process, "VmHWM:")
}

/// A line of proc(5), such as `VmHWM:` for the most memory so far or `VmRSS:` for that of now, MiB.
fn memory_mib(process: u32, field: &str) -> Result<f64> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{path}`"))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .with_context(|| format!("no {field}"))?;

    let kib: f64 = line
        .trim()
        .trim_end_matches(" kB")
        .trim()
        .parse()
        .with_context(|| format!("{field} is not a number"))?;
    Ok(kib / 1024.0)
}

/// Standard output of a command that must succeed; else an error that names it and gives its
/// complaint.
pub(crate) fn printed(command: &mut Command) -> Result<String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let name = words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    let output = command
        .output()
        .with_context(|| format!("cannot run `{name}`"))?;

    ensure!(
        output.status.success(),
        "`{name}`: {}",
        String::from_utf8_lossy(&output.stderr)
    );

    String::from_utf8(output.stdout)
        .with_context(|| format!("`{name}` printed bytes that are not UTF-8"))
}

/// Longest time that a program may take to end once it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A program under way, stopped when dropped.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let started = command.spawn();
        started
            .map(Self)
            .with_context(|| format!("cannot start `{}`", command.get_program().display()))
    }

    /// A line of proc(5), such as `VmRSS:` for the memory of now, MiB.
    pub(crate) fn memory_mib(&self, field: &str) -> Result<f64> {
        memory_mib(self.0.id(), field)
    }

    /// Exit status of the program, once it has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.0.try_wait().context("cannot watch the program")
    }

    /// Interrupts the program as Ctrl-C does, and expects it to end well.
    pub(crate) fn stop(mut self) -> Result<()> {
        ensure!(self.interrupt()?.success(), "cannot interrupt the program");
        let status = self.0.wait().context("cannot wait for the program")?;
        ensure!(
            status.success(),
            "the program ended badly after Ctrl-C: {status}"
        );
        Ok(())
    }

    /// Sends the signal of Ctrl-C.
    fn interrupt(&self) -> std::io::Result<ExitStatus> {
        // The standard library can only kill.
        let process = self.0.id().to_string();
        Command::new("kill").args(["-INT", &process]).status()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked before it is forced, so that it stops its own workers too.
        let start = Instant::now();
        let mut was_asked = false;

        while start.elapsed() < GRACE && matches!(self.0.try_wait(), Ok(None)) {
            was_asked = was_asked || self.interrupt().is_ok();
            std::thread::sleep(Duration::from_millis(50));
        }

        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A started `filrouge up`, and the file of its output.
pub(crate) struct Up(Running, PathBuf);

impl Up {
    /// Starts the built program on a state folder.
    pub(crate) fn start(program: &Path, root: &Path, state: &Path, port_base: u16) -> Result<Self> {
        let printed = state.with_extension("log");
        let log = File::create(&printed)
            .with_context(|| format!("cannot create `{}`", printed.display()))?;
        let mut command = Command::new(program);
        command
            .args(["up", "--port-base", &port_base.to_string(), "--state"])
            .arg(state)
            .current_dir(root);

        // Both outputs in one file, in the order in which they were written.
        command
            .stdout(log.try_clone().context("cannot share the log")?)
            .stderr(log);
        Ok(Self(Running::start(&mut command)?, printed))
    }

    /// Waits until `ready` gives something, at most `limit`; gives it with the seconds waited.
    pub(crate) fn wait_for<T>(
        &mut self,
        limit: Duration,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Result<(T, f64)> {
        let start = Instant::now();

        while start.elapsed() < limit {
            if let Some(found) = ready() {
                return Ok((found, start.elapsed().as_secs_f64()));
            }
            if let Some(status) = self.0.ended()? {
                bail!("`filrouge up` ended before its first forecast: {status}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }

        bail!("no forecast after {} s", limit.as_secs())
    }

    /// Memory at its highest since the start, MiB.
    pub(crate) fn peak_memory_mib(&self) -> Result<f64> {
        self.0.memory_mib("VmHWM:")
    }

    /// The file of the program's output.
    pub(crate) fn log(&self) -> PathBuf {
        self.1.clone()
    }

    /// Text printed for a person so far: steps and table, not logs.
    pub(crate) fn printed(log: &Path) -> Result<String> {
        let printed = std::fs::read_to_string(log)
            .with_context(|| format!("cannot read `{}`", log.display()))?;
        let lines: Vec<_> = printed
            .lines()
            .filter(|line| line.is_empty() || line.starts_with("  "))
            .collect();
        Ok(lines.join("\n").trim_end().to_owned())
    }

    /// Interrupts the program as Ctrl-C does, and expects it to end well.
    pub(crate) fn stop(self) -> Result<()> {
        self.0.stop().context("`filrouge up`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_named_with_its_complaint() {
        assert_eq!(
            printed(Command::new("sh").args(["-c", "echo told"])).unwrap(),
            "told\n"
        );
        let error = printed(Command::new("sh").args(["-c", "echo no >&2; exit 3"]))
            .unwrap_err()
            .to_string();
        assert_eq!(error, "`sh -c echo no >&2; exit 3`: no\n");
        let error = printed(&mut Command::new("no-such-program"))
            .unwrap_err()
            .to_string();
        assert_eq!(error, "cannot run `no-such-program`");
    }
}
