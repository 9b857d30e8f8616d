//! The processor time of a process.

/// Seconds of processor that process `pid` has used since its start, its ended threads included;
/// `None` outside Linux, or for a process that is not there.
#[cfg(target_os = "linux")]
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    use nix::time::{clock_getcpuclockid, clock_gettime};
    use nix::unistd::Pid;
    use std::time::Duration;

    let pid = Pid::from_raw(i32::try_from(pid).ok()?);
    // A clock to the nanosecond: `/proc/PID/stat` counts in hundredths of a second, and its
    // `schedstat` is missing from the kernels built without it.
    let used = clock_gettime(clock_getcpuclockid(pid).ok()?).ok()?;
    Some(Duration::from(used).as_secs_f64())
}

/// Seconds of processor that process `pid` has used: not known on this system.
#[cfg(not(target_os = "linux"))]
pub fn cpu_seconds(_pid: u32) -> Option<f64> {
    None
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let own = std::process::id();
        let before = cpu_seconds(own).expect("the clock of this process");
        let sum: f64 = (0..3_000_000).map(f64::from).map(f64::sqrt).sum();
        let after = cpu_seconds(own).expect("the clock of this process");

        assert!(sum > 0.0 && after > before);
    }

    #[test]
    fn a_process_that_is_not_there_has_used_nothing_known() {
        // The greatest that Linux gives is 2^22.
        assert_eq!(cpu_seconds((1 << 22) + 1), None);
        assert_eq!(cpu_seconds(u32::MAX), None);
    }
}
