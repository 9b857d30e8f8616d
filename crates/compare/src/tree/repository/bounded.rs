//! A process that ends with the one that started it, within bounds of time and memory.

use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

/// Address space of a process, in KiB.
const MEMORY_KIB: u32 = 512 << 10;
/// Time that is left to a process that was asked to end.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// Exit codes of `timeout` when the time is over, then when it had to kill.
const TIMES_UP: [i32; 2] = [124, 137];

/// Bounds set by the shell, then the tools that a system has: `setpriv` (util-linux) ends `timeout`
/// with us, and `timeout` (coreutils) ends its whole group with itself. A system without them keeps
/// the bounds of the shell, and the process ends at the end of its pipes.
const SCRIPT: &str = r#"
time=$1 grace=$2 memory=$3; shift 3
ulimit -v "$memory" 2>/dev/null; ulimit -t "$time" 2>/dev/null; ulimit -c 0 2>/dev/null
command -v timeout >/dev/null && set -- timeout --kill-after="$grace" "$time" "$@"
setpriv --pdeathsig TERM true 2>/dev/null && set -- setpriv --pdeathsig TERM "$@"
exec "$@"
"#;

/// A command that runs a program within bounds; its arguments are to be added.
pub(super) fn command(program: &str, time: Duration) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh"]).args([
        time.as_secs().to_string(),
        GRACE.as_secs().to_string(),
        MEMORY_KIB.to_string(),
        program.to_owned(),
    ]);
    command
}

/// True when a process was ended by its bound of time.
pub(super) fn is_out_of_time(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| TIMES_UP.contains(&code))
}

/// True when the program of a command is not on the machine.
pub(super) fn is_absent(status: ExitStatus) -> bool {
    status.code() == Some(127)
}

/// A process and all that it starts: they end together.
pub(super) struct Group {
    child: Child,
}

impl Group {
    /// Starts a command in a group of its own.
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        let child = command.process_group(0).spawn();
        let child = child.map_err(|error| format!("git est introuvable : {error}"))?;
        Ok(Self { child })
    }

    pub(super) fn input(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    pub(super) fn output(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for the end of the process, once it is killed if need be.
    pub(super) fn end(&mut self, kills: bool) -> Result<ExitStatus, String> {
        if kills {
            self.kill();
        }
        self.child.wait().map_err(|error| error.to_string())
    }

    /// Kills the group: `timeout` makes one of its own inside, and passes the signal on to it.
    fn kill(&mut self) {
        let group = format!("-{}", self.child.id());
        let killed = Command::new("sh")
            .args(["-c", "kill -TERM -- \"$1\"", "sh", &group])
            .stderr(Stdio::null())
            .status();
        // Without a shell to ask for the group, the process alone is killed.
        if !killed.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // A process that has ended is not asked to end again.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
            let _ = self.child.wait();
        }
    }
}
