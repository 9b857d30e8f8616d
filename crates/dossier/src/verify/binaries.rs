//! The test binaries of the workspace: built by cargo, asked for the exact names of their tests,
//! run once each.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{Bounds, Verdict};
use crate::package::{self, Package};
use filrouge_compare::proof::{Proof, Subject};

/// A line of `cargo test --no-run --message-format=json`.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
}

/// A test binary and the tests in it that prove something: exact name → the places of its proofs.
struct Binary {
    executable: PathBuf,
    folder: PathBuf,
    tests: BTreeMap<String, BTreeSet<(String, usize)>>,
}

/// Runs the tests that proofs are bound to; a verdict for each place that a binary was found for.
pub(super) fn run(
    root: &Path,
    proofs: &[&Proof],
    bounds: Bounds,
) -> anyhow::Result<BTreeMap<(String, usize), Verdict>> {
    let wanted: Vec<(&Proof, &str, Package)> = proofs
        .iter()
        .filter_map(|proof| wanted(root, proof))
        .collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }

    // Until a binary says otherwise, a test that no binary holds does not hold.
    let mut verdicts: BTreeMap<_, _> = wanted.iter().map(not_found).collect();

    for binary in build(root, &wanted, bounds)? {
        for (place, verdict) in binary.run(bounds)? {
            if may_still_hold(verdicts.get(&place)) {
                verdicts.insert(place, verdict);
            }
        }
    }
    Ok(verdicts)
}

fn not_found((proof, name, _): &(&Proof, &str, Package)) -> ((String, usize), Verdict) {
    let fault = format!("le test {name} n'existe dans aucun programme de test");
    let place = (proof.file.clone(), proof.line);
    (place, Verdict::at_once(Some(fault)))
}

// A test compiled in two binaries has to hold in both; the verdict that nothing ran took no time.
fn may_still_hold(so_far: Option<&Verdict>) -> bool {
    so_far.is_none_or(|known| known.seconds == 0.0 || known.fault.is_none())
}

fn wanted<'all>(root: &Path, proof: &&'all Proof) -> Option<(&'all Proof, &'all str, Package)> {
    match &proof.subject {
        Subject::Test(name) if proof.file.ends_with(".rs") => {
            Some((*proof, name, package::of(root, &proof.file)?))
        }
        _ => None,
    }
}

/// Cargo as a person would start it: a cargo that inherits the variables by which `cargo run`
/// describes this package rebuilds the dependencies that watch them.
fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        if [&b"CARGO_MANIFEST_"[..], b"CARGO_PKG_"]
            .iter()
            .any(|prefix| name.as_encoded_bytes().starts_with(prefix))
        {
            command.env_remove(name);
        }
    }
    command
}

/// Builds every test as `cargo test` does, in one go, and keeps the binaries that hold a wanted test.
fn build(
    root: &Path,
    wanted: &[(&Proof, &str, Package)],
    bounds: Bounds,
) -> anyhow::Result<Vec<Binary>> {
    let text = build_messages(root)?;
    // Other messages (scripts that ran, the end of the build) have none of these fields.
    let artifacts = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
        .filter_map(|artifact| artifact.executable.zip(artifact.manifest_path));

    let mut binaries = Vec::new();
    for (executable, manifest) in artifacts {
        let folder = manifest.parent().unwrap_or(root).to_owned();
        let here = wanted
            .iter()
            .filter(|(_, _, package)| folder.ends_with(&package.folder));

        let tests = tests(&executable, &folder, here, bounds)?;
        if !tests.is_empty() {
            binaries.push(Binary {
                executable,
                folder,
                tests,
            });
        }
    }

    Ok(binaries)
}

fn build_messages(root: &Path) -> anyhow::Result<String> {
    let output = cargo(root)
        .args(["test", "--workspace", "--no-run", "--message-format=json"])
        .stderr(Stdio::inherit())
        .output()
        .context("cargo est introuvable")?;

    if !output.status.success() {
        bail!("les tests ne se construisent pas : voir les messages de cargo ci-dessus");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The wanted tests that a binary lists.
fn tests<'all>(
    executable: &Path,
    folder: &Path,
    wanted: impl Iterator<Item = &'all (&'all Proof, &'all str, Package)>,
    bounds: Bounds,
) -> anyhow::Result<BTreeMap<String, BTreeSet<(String, usize)>>> {
    let mut wanted = wanted.peekable();
    let mut found: BTreeMap<String, BTreeSet<(String, usize)>> = BTreeMap::new();

    if wanted.peek().is_none() {
        return Ok(found);
    }

    let listing = bounds.run(
        Command::new(executable)
            .args(["--list", "--format", "terse"])
            .current_dir(folder),
    )?;
    let names: Vec<&str> = listing
        .output
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();

    for (proof, name, package) in wanted {
        for full in exact(&names, name, &package::modules(package, &proof.file)) {
            found
                .entry(full.to_owned())
                .or_default()
                .insert((proof.file.clone(), proof.line));
        }
    }

    Ok(found)
}

/// The full names of a test: those in the modules of its file when there are any.
pub(super) fn exact<'all>(names: &[&'all str], name: &str, modules: &[String]) -> Vec<&'all str> {
    let mut called = names.to_vec();
    called.retain(|full| full.rsplit("::").next() == Some(name));

    let prefix: String = modules.iter().map(|module| format!("{module}::")).collect();
    let mut there = called.clone();
    there.retain(|full| full.starts_with(&prefix));
    if there.is_empty() { called } else { there }
}

impl Binary {
    fn run(&self, bounds: Bounds) -> anyhow::Result<Vec<((String, usize), Verdict)>> {
        let mut command = Command::new(&self.executable);

        command
            .arg("--exact")
            .args(self.tests.keys())
            // Set by cargo too: tests find their files from there.
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder);

        let run = bounds.run(&command)?;
        let end = run.fault().filter(|_| run.is_out_of_time());

        let verdict = |name: &str| Verdict {
            fault: fault(&run.output, name, end.as_deref()),
            seconds: run.seconds,
        };
        let places = self
            .tests
            .iter()
            .flat_map(|(name, places)| places.iter().map(move |place| (name, place)));

        Ok(places
            .map(|(name, place)| (place.clone(), verdict(name)))
            .collect())
    }
}

/// The reason why a test did not hold, from the output of its binary; `end` is the reason why the
/// binary itself was stopped.
pub(super) fn fault(output: &str, name: &str, end: Option<&str>) -> Option<String> {
    let mut results = output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "));

    // `should panic` stands between the name and the result.
    let result = results.find(|(path, _)| path.trim_end_matches(" - should panic") == name);
    match (result, end) {
        (Some((_, "ok")), _) => None,
        (Some((_, "FAILED")), _) => Some("le test échoue".to_owned()),
        (Some((_, result)), _) if result.starts_with("ignored") => {
            Some("le test est ignoré".to_owned())
        }
        (_, Some(end)) => Some(end.to_owned()),
        _ => Some("le test n'a pas donné de résultat".to_owned()),
    }
}
