//! The memory that a run of the program takes at most.

use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use filrouge_prerequisites as prerequisites;

use crate::page::has_row;

/// A run that ended.
pub(crate) struct Run {
    pub(crate) succeeded: bool,
    /// Both outputs.
    pub(crate) told: String,
    peak_kib: u64,
}

/// Times the peak of an ordinary run that a bomb may cost.
const MOST: f64 = 1.5;

/// True where the peak of a process can be read.
pub(crate) fn can_be_measured() -> bool {
    prerequisites::path("/proc/self/status", "a system with proc(5), such as Linux").is_some()
}

impl Run {
    /// Runs to the end.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let outputs = [read(stdout), read(stderr)];

        let status = format!("/proc/{}/status", child.id());
        let mut peak_kib = 0;
        let ended = loop {
            peak_kib = peak_kib.max(high_water_mark(&status).unwrap_or(0));
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
            thread::sleep(Duration::from_millis(1));
        };

        Self {
            succeeded: ended.success(),
            told: outputs.map(|output| output.join().unwrap()).concat(),
            peak_kib,
        }
    }

    /// The run of a bomb, beside an ordinary one: it is refused with `says`, and costs little.
    pub(crate) fn is_refused(&self, name: &str, ordinary: &Self, says: &str) {
        let is_refused = !self.succeeded && self.told.contains(says);
        assert!(is_refused, "{name}: {}", self.told);
        self.costs_little(name, ordinary);
    }

    /// The run of a file that is strange and no more: it is read, and costs little.
    pub(crate) fn is_accepted(&self, name: &str, ordinary: &Self) {
        assert!(self.succeeded, "{name}: {}", self.told);
        self.costs_little(name, ordinary);
    }

    fn costs_little(&self, name: &str, ordinary: &Self) {
        assert!(
            has_row(name),
            "docs/collecte.md does not say what happens: {name}"
        );
        let ratio = self.peak_kib as f64 / ordinary.peak_kib as f64;
        println!(
            "{name}: {} KiB beside {} KiB, {ratio:.2} times",
            self.peak_kib, ordinary.peak_kib
        );
        assert!(
            ratio <= MOST,
            "{name} takes {ratio:.2} times the memory of an ordinary run"
        );
    }
}

fn read(mut output: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        output.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// `VmHWM` of proc(5), KiB.
fn high_water_mark(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
