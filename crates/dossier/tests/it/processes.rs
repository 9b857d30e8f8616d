//! Processes that a program has started, and that have to end with it.

use std::path::Path;
use std::time::Duration;

const STEP: Duration = Duration::from_millis(50);

/// Two numbers of running processes, once a program has written them in a file, then `end`.
pub(crate) fn written_in(file: &Path) -> Vec<String> {
    for _ in 0..600 {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.ends_with("end\n") {
            let started: Vec<_> = text.split_whitespace().take(2).map(str::to_owned).collect();
            assert!(started.iter().all(|process| runs(process)), "{started:?}");
            return started;
        }
        std::thread::sleep(STEP);
    }
    panic!("the program was never started");
}

/// True once none of these processes runs any more.
pub(crate) fn all_end(processes: &[String]) -> bool {
    (0..200).any(|_| {
        std::thread::sleep(STEP);
        !processes.iter().any(|process| runs(process))
    })
}

/// True when a process runs; one that ended and that nobody has read yet does not.
fn runs(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = status.rsplit(')').next().unwrap_or("").trim_start();
    !state.is_empty() && !state.starts_with(['Z', 'X'])
}
