//! A program run within bounds of time, memory and output, which ends with the one that started it.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

/// Bytes kept of a program's output; the rest is read and forgotten.
const OUTPUT_BYTES: u64 = 16 << 20;
/// Bytes kept of the end of a program's errors: a few lines.
const ERROR_BYTES: usize = 4 << 10;
/// Bytes of the longest line that is read in one piece.
const LINE_BYTES: u64 = 1 << 20;
/// Exit codes of `timeout` when the time is over, then when it had to kill.
const TIMES_UP: [i32; 2] = [124, 137];
/// Time left to a program that was asked to stop before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// Bounds set by the shell, then the tools that a system has: `timeout` (coreutils) ends the whole
/// group of its program with it, and `setpriv` (util-linux) ends `timeout` with us.
// The signal follows the end of the thread that starts the program: each waits for its own.
const SCRIPT: &str = r#"
signal=$1 grace=$2 time=$3 memory=$4; shift 4
ulimit -v "$memory"
command -v timeout >/dev/null || { echo 'timeout (coreutils) est introuvable' >&2; exit 127; }
[ "$time" = none ] || set -- timeout --kill-after="$grace" "$time" "$@"
setpriv --pdeathsig "$signal" true 2>/dev/null && set -- setpriv --pdeathsig "$signal" "$@"
exec "$@"
"#;

/// Time that a test or a command may take, and memory of the program of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// It is stopped after this time.
    pub time: Duration,
    /// Address space that its program may reserve, in MiB; without a bound for none.
    pub memory_mib: Option<u64>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(600),
            memory_mib: Some(16 << 10),
        }
    }
}

/// End of a program.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) output: String,
    /// The last line of its errors.
    pub(crate) last_error: String,
    pub(crate) seconds: f64,
    status: ExitStatus,
    bounds: Bounds,
}

impl Bounds {
    /// Runs the program, its folder and variables as given.
    pub(crate) fn run(self, program: &Command) -> anyhow::Result<Run> {
        self.end_of(self.bound(program, self.time).stderr(Stdio::piped()))
    }

    /// Runs the program and lets a person read its errors as they come.
    pub(crate) fn run_aloud(self, program: &Command) -> anyhow::Result<Run> {
        self.end_of(self.bound(program, self.time).stderr(Stdio::inherit()))
    }

    fn end_of(self, program: &mut Command) -> anyhow::Result<Run> {
        let started = Instant::now();
        let mut child = start(program)?;

        let errors = child.stderr.take();
        // Both are read at the same time: a full pipe would stop the program.
        let errors = thread::spawn(move || errors.map(last_line).unwrap_or_default());
        let output = child.stdout.take().map_or(Ok(Vec::new()), first_bytes)?;

        Ok(Run {
            output: String::from_utf8_lossy(&output).into_owned(),
            last_error: errors.join().unwrap_or_default(),
            status: child.wait()?,
            seconds: started.elapsed().as_secs_f64(),
            bounds: self,
        })
    }

    /// Runs the program and gives each line of its output as it comes, with its time. The program
    /// is stopped when no line comes within the time of the bounds, and in any case after `most` as
    /// long.
    pub(crate) fn follow(
        self,
        program: &Command,
        most: u32,
        mut line: impl FnMut(&str, Instant),
    ) -> anyhow::Result<End> {
        // Should nobody be left to stop the program, `timeout` ends it.
        let mut child = start(&mut self.bound(program, self.time * (most + 1)))?;
        let lines = child.stdout.take().map(lines).context("sans sortie")?;
        let mut end = End::default();

        loop {
            let patience = if end.is_out_of_time {
                2 * GRACE
            } else {
                self.time
            };
            match lines.recv_timeout(patience) {
                Ok((text, at)) => line(&text, at),
                Err(RecvTimeoutError::Timeout) if !end.is_out_of_time => {
                    end.is_out_of_time = true;
                    stop(&child)?;
                }
                // The end of the output, or a program of the program that keeps it open.
                Err(_) => break,
            }
        }

        let status = child.wait()?;
        end.is_out_of_time |= is_out_of_time(status);
        end.fault = fault(status);
        Ok(end)
    }

    fn bound(self, program: &Command, time: Duration) -> Command {
        // `ulimit -v` counts in KiB.
        let memory = self
            .memory_mib
            .map_or("unlimited".to_owned(), |mib| (mib << 10).to_string());
        let mut bounded = script("TERM", &time.as_secs_f64().to_string(), &memory, program);

        // A program that asks a question would wait for ever.
        bounded
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());

        bounded
    }
}

/// A program without a bound, which is asked to stop by this signal when the one that started it
/// ends, killed or not.
pub(crate) fn ends_with_us(program: &Command, signal: &str) -> Command {
    script(signal, "none", "unlimited", program)
}

fn script(signal: &str, time: &str, memory: &str, program: &Command) -> Command {
    let grace = GRACE.as_secs().to_string();
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh", signal, &grace, time, memory]);

    command.arg(program.get_program()).args(program.get_args());
    copy_surroundings(program, &mut command);
    command
}

/// Gives a command the folder and the variables of another one.
pub(crate) fn copy_surroundings(from: &Command, to: &mut Command) {
    copy_folder(from, to);

    for (name, value) in from.get_envs() {
        match value {
            Some(value) => to.env(name, value),
            None => to.env_remove(name),
        };
    }
}

/// Gives a command the folder of another one.
pub(crate) fn copy_folder(from: &Command, to: &mut Command) {
    if let Some(folder) = from.get_current_dir() {
        to.current_dir(folder);
    }
}

/// End of a program that was followed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) is_out_of_time: bool,
    /// The reason of a failure, in French.
    pub(crate) fault: Option<String>,
}

fn start(program: &mut Command) -> anyhow::Result<Child> {
    program.spawn().context("sh est introuvable")
}

/// Asks `timeout` to stop its program and all that it started.
fn stop(child: &Child) -> anyhow::Result<()> {
    // The shell's own `kill`: a small system has no other.
    let line = format!("kill -TERM {}", child.id());
    Command::new("sh").args(["-c", &line]).status()?;
    Ok(())
}

/// The lines of an output as they come, the last one even without its end.
fn lines(stdout: ChildStdout) -> Receiver<(String, Instant)> {
    let (sender, receiver) = channel();
    thread::spawn(move || send_lines(BufReader::new(stdout), &sender));
    receiver
}

fn send_lines(mut output: impl BufRead, to: &Sender<(String, Instant)>) {
    let mut line = Vec::new();

    while output
        .by_ref()
        .take(LINE_BYTES)
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        // Nobody reads any more.
        if to.send((text, Instant::now())).is_err() {
            return;
        }
        line.clear();
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

/// The last line that says something.
fn last_line(mut stderr: impl Read) -> String {
    let mut kept = Vec::new();
    let mut piece = [0; ERROR_BYTES];

    while let Ok(read @ 1..) = stderr.read(&mut piece) {
        kept.extend_from_slice(&piece[..read]);
        kept.drain(..kept.len().saturating_sub(ERROR_BYTES));
    }

    let text = String::from_utf8_lossy(&kept);
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    last.unwrap_or_default().trim().to_owned()
}

fn is_out_of_time(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| TIMES_UP.contains(&code))
}

/// The reason of a failure, in French.
fn fault(status: ExitStatus) -> Option<String> {
    if status.success() {
        return None;
    }
    Some(match (status.code(), status.signal()) {
        (Some(code), _) => format!("code de sortie {code}"),
        (None, Some(signal)) => format!("arrêté par le signal {signal}"),
        (None, None) => "arrêté".to_owned(),
    })
}

impl Run {
    /// True when the program said more than is kept.
    pub(crate) fn is_cut(&self) -> bool {
        self.output.len() as u64 >= OUTPUT_BYTES
    }

    /// The exit code; none when a signal ended the program.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The reason of a failure, in French.
    pub(crate) fn fault(&self) -> Option<String> {
        if is_out_of_time(self.status) {
            return Some(self.bounds.out_of_time());
        }
        fault(self.status)
    }
}

impl Bounds {
    /// The reason given for a program that did not end in time, in French.
    pub(crate) fn out_of_time(self) -> String {
        format!("arrêté après {} s", self.time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests;
