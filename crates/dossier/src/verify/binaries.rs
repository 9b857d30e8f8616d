//! The test binaries of the workspace: built by cargo, asked once for the exact names of their
//! tests, run side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use anyhow::bail;
use serde::Deserialize;

use super::chain::PassedTests;
use super::{Finding, Progress, STRICT, Verdict, installed, libtest};
use crate::bounded::Bounds;
use crate::cargo;
use crate::execution::Execution;
use crate::package::{self, Package};
use filrouge_compare::proof::{Proof, Subject};

/// Bounds of a build of the tests.
const BUILD: Bounds = Bounds {
    time: Duration::from_secs(3600),
    memory_mib: None,
};

/// File and line of a proof.
type ProofLocation = (String, usize);

/// A proof, the name of its test and the package of its file.
type Wanted<'all> = (&'all Proof, &'all str, Package);

/// A line of `cargo test --no-run --message-format=json`.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
}

/// A test binary and the tests in it that prove something: exact name → the places of its proofs.
pub(super) struct Binary {
    executable: PathBuf,
    folder: PathBuf,
    tests: BTreeMap<String, BTreeSet<ProofLocation>>,
}

/// Runs the tests that proofs are bound to, save those that a chain has just seen pass; a verdict for
/// each place.
pub(super) fn run(
    root: &Path,
    proofs: &[&Proof],
    execution: &Execution,
    before: &PassedTests,
    progress: Progress<'_>,
) -> anyhow::Result<BTreeMap<ProofLocation, Verdict>> {
    let wanted = || proofs.iter().filter_map(|proof| wanted(root, proof));
    if let Some(reason) = execution.confinement.refusal() {
        return Ok(wanted().map(|one| not_played(&one, reason)).collect());
    }
    let mut binaries = build_all(root, proofs, execution, progress)?;

    // Until a binary says otherwise, a test that no binary holds does not hold.
    let mut verdicts: BTreeMap<_, _> = wanted().map(|one| not_found(&one)).collect();

    let passed: Vec<_> = binaries
        .iter_mut()
        .flat_map(|binary| binary.take_passed(before))
        .collect();
    binaries.retain(|binary| !binary.tests.is_empty());

    let played = run_all(binaries, execution, progress)?;
    for (place, verdict) in passed.into_iter().chain(played) {
        if may_still_hold(verdicts.get(&place)) {
            verdicts.insert(place, verdict);
        }
    }
    Ok(verdicts)
}

/// Builds the binaries that hold the tests of these proofs.
pub(super) fn build_all(
    root: &Path,
    proofs: &[&Proof],
    execution: &Execution,
    progress: Progress<'_>,
) -> anyhow::Result<Vec<Binary>> {
    let wanted: Vec<Wanted<'_>> = proofs
        .iter()
        .filter_map(|proof| wanted(root, proof))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }

    progress("construction des tests");
    let packages: BTreeSet<&Package> = wanted.iter().map(|(_, _, package)| package).collect();
    let options = packages
        .into_iter()
        .map(|package| format!("--package={}", package.name));

    let mut binaries = build(root, &options.collect::<Vec<_>>(), &wanted, execution)?;
    binaries.extend(build_with_features(root, &wanted, &binaries, execution)?);
    Ok(binaries)
}

/// Runs the test of one proof alone, where a binary holds it.
pub(super) fn play(
    binaries: &[Binary],
    proof: &Proof,
    execution: &Execution,
) -> anyhow::Result<Option<Verdict>> {
    let place = (proof.file.clone(), proof.line);
    let mut last = None;

    for binary in binaries {
        let here = binary.tests.iter();
        let names = here.filter(|(_, places)| places.contains(&place));
        let names = names.map(|(name, _)| name.as_str());

        for (_, verdict) in libtest::run(|| binary.command(), names, execution)? {
            if may_still_hold(last.as_ref()) {
                last = Some(verdict);
            }
        }
    }

    Ok(last)
}

fn not_found((proof, name, _): &Wanted<'_>) -> (ProofLocation, Verdict) {
    let fault = format!("le test {name} n'existe dans aucun programme de test");
    let place = (proof.file.clone(), proof.line);
    (place, Verdict::at_once(Finding::DoesNotHold(fault)))
}

fn not_played((proof, ..): &Wanted<'_>, reason: &str) -> (ProofLocation, Verdict) {
    let place = (proof.file.clone(), proof.line);
    let finding = Finding::NotPlayed(reason.to_owned());
    (place, Verdict::at_once(finding))
}

// A test compiled in two binaries has to hold in both; the verdict that nothing ran took no time.
fn may_still_hold(so_far: Option<&Verdict>) -> bool {
    so_far.is_none_or(|known| known.seconds == 0.0 || known.finding == Finding::Holds)
}

fn wanted<'all>(root: &Path, proof: &&'all Proof) -> Option<Wanted<'all>> {
    match &proof.subject {
        Subject::Test(name) if proof.file.ends_with(".rs") => {
            Some((*proof, name, package::of(root, &proof.file)?))
        }
        _ => None,
    }
}

/// Runs the binaries, as many at a time as the machine has cores.
fn run_all(
    mut binaries: Vec<Binary>,
    execution: &Execution,
    progress: Progress<'_>,
) -> anyhow::Result<Vec<(ProofLocation, Verdict)>> {
    // Those with the most tests start first, so that none is left running alone at the end.
    binaries.sort_by_key(|binary| binary.tests.len());
    let (left, done) = (Mutex::new(binaries), Mutex::new(Vec::new()));
    let next = || left.lock().map_or(None, |mut left| left.pop());

    let work = || {
        while let Some(binary) = next() {
            progress(&binary.described());
            let verdicts = binary.run(execution);
            if let Ok(mut done) = done.lock() {
                done.push(verdicts);
            }
        }
    };

    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });

    let done = done.into_inner().unwrap_or_default();
    let verdicts: anyhow::Result<Vec<_>> = done.into_iter().collect();
    Ok(verdicts?.into_iter().flatten().collect())
}

/// Builds tests as `cargo test` does with these options, in one go, and keeps the binaries that
/// hold a wanted test.
fn build(
    root: &Path,
    options: &[String],
    wanted: &[Wanted<'_>],
    execution: &Execution,
) -> anyhow::Result<Vec<Binary>> {
    let text = build_messages(root, options, execution)?;
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

        let tests = tests(&executable, &folder, here, execution)?;
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

/// Builds the test targets that ask for features, where a test is found in no other binary.
fn build_with_features(
    root: &Path,
    wanted: &[Wanted<'_>],
    built: &[Binary],
    execution: &Execution,
) -> anyhow::Result<Vec<Binary>> {
    let is_found = |proof: &Proof| {
        let place = (proof.file.clone(), proof.line);
        let mut places = built.iter().flat_map(|binary| binary.tests.values());
        places.any(|places| places.contains(&place))
    };
    let left: Vec<Wanted<'_>> = wanted
        .iter()
        .filter(|(proof, ..)| !is_found(proof))
        .cloned()
        .collect();

    let packages: BTreeSet<&Package> = left.iter().map(|(_, _, package)| package).collect();
    let targets = packages
        .into_iter()
        .flat_map(|package| package::targets_with_features(root, package));

    let mut binaries = Vec::new();
    for target in targets {
        // In the workspace, dependencies have the features that the tests before it were built with.
        let options = [
            "--workspace".to_owned(),
            format!("--test={}", target.name),
            format!("--features={}", target.features),
        ];
        binaries.extend(build(root, &options, &left, execution)?);
    }
    Ok(binaries)
}

fn build_messages(
    root: &Path,
    options: &[String],
    execution: &Execution,
) -> anyhow::Result<String> {
    let mut command = cargo::command(root);
    command
        .args(["test", "--no-run", "--message-format=json"])
        .args(options);

    let run = BUILD.run_aloud(&execution.confinement.confine(&command))?;
    if let Some(fault) = run.fault() {
        bail!("les tests ne se construisent pas ({fault}) : voir les messages de cargo ci-dessus");
    }
    Ok(run.output)
}

/// The wanted tests that a binary lists.
fn tests<'all>(
    executable: &Path,
    folder: &Path,
    wanted: impl Iterator<Item = &'all Wanted<'all>>,
    execution: &Execution,
) -> anyhow::Result<BTreeMap<String, BTreeSet<ProofLocation>>> {
    let mut wanted = wanted.peekable();
    let mut found: BTreeMap<String, BTreeSet<ProofLocation>> = BTreeMap::new();

    if wanted.peek().is_none() {
        return Ok(found);
    }

    let listing = execution.run(
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
    fn run(&self, execution: &Execution) -> anyhow::Result<Vec<(ProofLocation, Verdict)>> {
        let names = self.tests.keys().map(String::as_str);
        let verdicts = libtest::run(|| self.command(), names, execution)?;

        let of_test = |(name, verdict): (&str, Verdict)| {
            let places = self.tests.get(name).into_iter().flatten();
            let each: Vec<_> = places
                .map(|place| (place.clone(), verdict.clone()))
                .collect();
            each
        };
        Ok(verdicts.into_iter().flat_map(of_test).collect())
    }

    /// Takes out the tests that have passed in a chain, which did not time each of them.
    fn take_passed(&mut self, before: &PassedTests) -> Vec<(ProofLocation, Verdict)> {
        let names = self.tests.keys().map(String::as_str).collect();
        let passed = before.of(&self.executable, &names);
        let passed: BTreeSet<String> = passed.into_iter().map(str::to_owned).collect();

        let taken = self.tests.extract_if(.., |name, _| passed.contains(name));
        taken
            .flat_map(|(_, places)| places)
            .map(|place| (place, Verdict::at_once(Finding::Holds)))
            .collect()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command
            // Set by cargo too: tests find their files from there.
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .env(STRICT.0, STRICT.1);
        installed::name_to(&mut command);
        command
    }

    fn described(&self) -> String {
        let package = self.folder.file_name().unwrap_or_default();
        format!("{} tests de {}", self.tests.len(), package.display())
    }
}
