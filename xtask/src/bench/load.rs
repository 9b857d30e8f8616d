//! Load on an HTTP server of this machine, from `wrk` (Debian's package of that name): bounded in time, and an answer
//! that is not a success is a failed measurement, not a fast one.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// One request, sent again and again in turn with the others of its load.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// What a server answered under load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Answered {
    pub(crate) per_second: f64,
    /// The time that 99 answers in 100 took at most.
    pub(crate) p99_ms: f64,
}

/// Sends `requests` to `address` (such as `http://127.0.0.1:8082`) over `connections`, one at a time on each.
pub(crate) fn load(address: &str, requests: &[Request], connections: u32, seconds: u32) -> Result<Answered> {
    let script = tempfile::Builder::new().suffix(".lua").tempfile().context("cannot make a temporary file")?;
    std::fs::write(script.path(), lua(requests)).context("cannot write the script of wrk")?;
    run(script.path(), address, connections, 1)?;
    run(script.path(), address, connections, seconds)
}

/// The middle one of several measurements, by requests a second.
pub(crate) fn median(mut answered: Vec<Answered>) -> Result<Answered> {
    answered.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    answered.get(answered.len() / 2).copied().context("nothing was measured")
}

fn run(script: &Path, address: &str, connections: u32, seconds: u32) -> Result<Answered> {
    let output = Command::new("wrk")
        .args(["--latency", "-t1", &format!("-c{connections}"), &format!("-d{seconds}s"), "-s"])
        .arg(script)
        .arg(address)
        .output()
        .context("cannot run `wrk` (apt-get install wrk)")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "`wrk` failed on {address}: {}", String::from_utf8_lossy(&output.stderr));
    read(&printed).with_context(|| format!("on {address}, wrk said:\n{printed}"))
}

fn read(printed: &str) -> Result<Answered> {
    for trouble in ["Non-2xx", "Socket errors"] {
        if let Some(line) = printed.lines().find(|line| line.trim_start().starts_with(trouble)) {
            bail!("not every request was answered well: {}", line.trim());
        }
    }
    let after = |label: &str| {
        let line = printed.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(str::trim).with_context(|| format!("no `{label}`"))
    };
    let per_second = after("Requests/sec:")?.parse().context("not a number of requests")?;
    Ok(Answered { per_second, p99_ms: milliseconds(after("99%")?)? })
}

/// `wrk` writes `812.00us`, `3.21ms` or `1.05s`.
fn milliseconds(text: &str) -> Result<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    let (number, scale) = units
        .into_iter()
        .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))
        .with_context(|| format!("`{text}` is not a duration"))?;
    Ok(number.parse::<f64>().with_context(|| format!("`{text}` is not a duration"))? * scale)
}

/// The script: every request is made once, before the clock starts.
fn lua(requests: &[Request]) -> String {
    let mut text = "local asked, made, turn = {}, {}, 0\n".to_owned();
    for Request { method, path, headers, body } in requests {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("[{}]={}", quoted(name.as_bytes()), quoted(value.as_bytes())))
            .collect();
        let _ = writeln!(
            text,
            "asked[#asked + 1] = {{{}, {}, {{{}}}, {}}}",
            quoted(method.as_bytes()),
            quoted(path.as_bytes()),
            headers.join(", "),
            quoted(body)
        );
    }
    text + "function init()\n  for i, r in ipairs(asked) do made[i] = wrk.format(r[1], r[2], r[3], r[4]) end\nend\n\
            function request()\n  turn = turn % #made + 1\n  return made[turn]\nend\n"
}

fn quoted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => _ = write!(text, "\\{byte:03}"),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Running 8s test @ http://127.0.0.1:1\n  Latency Distribution\n     50%  612.00us\n     99%    2.50ms\n\
        \n  81000 requests in 8.00s, 20MB read\nRequests/sec:  10125.31\nTransfer/sec:      2.50MB\n";

    #[test]
    fn what_wrk_prints_is_read() {
        assert_eq!(read(PRINTED).unwrap(), Answered { per_second: 10125.31, p99_ms: 2.5 });
        assert_eq!(milliseconds("612.00us").unwrap(), 0.612);
        assert_eq!(milliseconds("1.05s").unwrap(), 1050.0);
    }

    #[test]
    fn refused_requests_are_no_measurement() {
        let printed = format!("{PRINTED}  Non-2xx or 3xx responses: 12\n");
        assert!(read(&printed).unwrap_err().to_string().ends_with("Non-2xx or 3xx responses: 12"));
    }

    #[test]
    fn any_byte_can_be_sent() {
        assert_eq!(quoted(b"{\"a\"\\\n\x00\xff"), "\"{\\\"a\\\"\\\\\\010\\000\\255\"");
    }

    #[test]
    fn the_middle_measurement_is_kept() {
        let at = |per_second| Answered { per_second, p99_ms: 1.0 };
        assert_eq!(median(vec![at(3.0), at(1.0), at(2.0)]).unwrap(), at(2.0));
        assert!(median(Vec::new()).is_err());
    }
}
