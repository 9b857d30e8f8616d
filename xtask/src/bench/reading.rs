//! `cargo dossier compare` on a submission far larger than any: 200 MB in 20,000 text files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Measurements;
use super::process::peak_memory_mib;
use crate::cargo::cargo;

const FILES: usize = 20_000;
const BYTES: usize = 200_000_000;
/// Starts of an empty comparison, of which the median is kept.
const STARTS: usize = 9;

/// Measures the reading, its memory and the start.
pub(crate) fn measure(root: &Path, measurements: &mut Measurements) -> Result<()> {
    let program = build(root)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (large, empty) = (folder.path().join("large"), folder.path().join("empty"));
    std::fs::create_dir(&empty).context("cannot make a folder")?;
    write_tree(&large)?;

    // The first run brings the files into the system's cache.
    run(&program, &large)?;
    let read = run(&program, &large)?;
    measurements.record("dossier_read_seconds", read.seconds);
    measurements.record("dossier_read_peak_memory_mib", read.memory_mib);

    let mut starts = (0..STARTS)
        .map(|_| run(&program, &empty))
        .collect::<Result<Vec<_>>>()?;
    starts.sort_by(|left, right| left.seconds.total_cmp(&right.seconds));
    measurements.record(
        "dossier_start_milliseconds",
        starts[STARTS / 2].seconds * 1000.0,
    );
    Ok(())
}

fn build(root: &Path) -> Result<PathBuf> {
    let status = cargo(root)
        .args(["build", "--quiet", "--bin", "filrouge-dossier"])
        .status()?;
    ensure!(
        status.success(),
        "`cargo build --bin filrouge-dossier` failed"
    );

    // This very program was built in the same folder.
    let here = std::env::current_exe().context("cannot find this program")?;
    Ok(here.with_file_name("filrouge-dossier"))
}

struct Run {
    seconds: f64,
    memory_mib: f64,
}

/// Runs the program once, and watches its memory until it ends.
fn run(program: &Path, submission: &Path) -> Result<Run> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .arg("compare")
        .arg(submission)
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{}`", program.display()))?;

    let (status, memory_mib) = watch(&mut child)?;
    ensure!(status.success(), "the comparison failed: {status}");
    Ok(Run {
        seconds: start.elapsed().as_secs_f64(),
        memory_mib,
    })
}

/// Waits for the end of a program; gives its status, and its memory at its highest.
fn watch(child: &mut Child) -> Result<(ExitStatus, f64)> {
    let mut memory_mib: f64 = 0.0;
    loop {
        if let Some(status) = child.try_wait().context("cannot watch the program")? {
            return Ok((status, memory_mib));
        }
        // The program may end between the two: the last figure seen stands.
        memory_mib = peak_memory_mib(child.id()).unwrap_or(memory_mib);
        // Short beside a start of some ten milliseconds, long beside a read of /proc.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Writes the tree: code, pages, configuration and rows in the shares of a real monorepo.
fn write_tree(root: &Path) -> Result<()> {
    for index in 0..FILES {
        let (kind, ending) = match index % 10 {
            0..=3 => (python as fn(usize) -> String, "py"),
            4 | 5 => (script as fn(usize) -> String, "js"),
            6 => (page as fn(usize) -> String, "md"),
            7 => (configuration as fn(usize) -> String, "json"),
            8 => (rows as fn(usize) -> String, "csv"),
            _ => (markup as fn(usize) -> String, "html"),
        };
        // Remainders that share no factor spread the kinds over all folders.
        let folder = root.join(format!("part{}/module{}", index % 50, index % 400));
        std::fs::create_dir_all(&folder).context("cannot make a folder")?;

        std::fs::write(
            folder.join(format!("file{index}.{ending}")),
            text(index, kind),
        )
        .context("cannot write the tree")?;
    }
    Ok(())
}

/// As many pieces of one kind as a file holds.
fn text(index: usize, kind: fn(usize) -> String) -> String {
    const EACH: usize = BYTES / FILES;
    // The last piece passes the end, by less than 400 bytes.
    let mut text = String::with_capacity(EACH + 400);
    for line in index.. {
        if text.len() >= EACH {
            break;
        }
        text.push_str(&kind(line));
    }
    text
}

fn python(index: usize) -> String {
    format!(
        "def step_{index}(rows, key=None):\n    \"\"\"Une étape de la chaîne.\"\"\"\n    kept = [row for row in rows if row[\"value\"] > {index}]\n    return sorted(kept, key=key)\n\n\n"
    )
}

fn script(index: usize) -> String {
    format!(
        "export function step{index}(rows) {{\n  const kept = rows.filter((row) => row.value > {index});\n  return kept.map((row) => row.token);\n}}\n\n"
    )
}

fn page(index: usize) -> String {
    format!(
        "## Étape {index}\n\nCette étape reçoit les lignes nettoyées, retire les doublons et garde la trace de ce qui est écarté.\n\n"
    )
}

fn configuration(index: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{{\"name\": \"step-{index}\", \"value\": {index}, \"next\": [{}, {}]}}",
        index + 1,
        index + 2
    );
    text
}

fn rows(index: usize) -> String {
    format!(
        "{index},2026-01-{:02},station-{},{}\n",
        index % 28 + 1,
        index % 97,
        index * 7 % 1013
    )
}

fn markup(index: usize) -> String {
    format!(
        "<section><h2>Étape {index}</h2><p>Les lignes gardées sont montrées ici.</p></section>\n"
    )
}
