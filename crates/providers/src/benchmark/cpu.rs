//! The processor time of a process, from `/proc`.

use std::fs;

/// Seconds of processor that the threads of process `pid` have used, those that have ended
/// excepted; `None` outside Linux, or for a process that is not there.
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let nanoseconds: Option<u64> = threads
        .map(|thread| {
            // Nanoseconds on a processor, nanoseconds waiting, turns.
            let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        })
        .sum();

    #[expect(clippy::cast_precision_loss, reason = "a duration, to a microsecond")]
    nanoseconds.map(|sum| sum as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn work_takes_processor_time() {
        let own = std::process::id();
        let before = cpu_seconds(own).expect("/proc");
        let sum: f64 = (0..3_000_000).map(f64::from).map(f64::sqrt).sum();

        assert!(sum > 0.0 && cpu_seconds(own).expect("/proc") > before);
        assert_eq!(cpu_seconds(u32::MAX), None);
    }
}
