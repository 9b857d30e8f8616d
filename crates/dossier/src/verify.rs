//! Runs the proofs of the criteria again, within bounds: each one holds, is not played, or does not
//! hold. A proof that only a person can judge is listed with the place to look at, and never ticked.

mod binaries;
mod bounded;
mod commands;
mod document;
mod libtest;
mod named;
mod remote;
mod report;
pub mod saved;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use chrono::{DateTime, SubsecRound, Utc};

pub use bounded::Bounds;
pub use report::{Check, CriterionOutcome, ProofOutcome, Report, State};
pub use scope::Scope;

use crate::index::Index;
use crate::referential::{Criterion, Evidence, Referential};
use filrouge_compare::proof::{Proof, Subject};

/// The variable under which a test or a command that cannot play says so instead of passing.
const STRICT: (&str, &str) = ("FILROUGE_STRICT", "1");
/// Beginning of the line by which a test or a command says that it cannot play.
const NOT_PLAYED: &str = "not played: ";

/// Scope and bounds of a run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The part of the referential.
    pub scope: Scope,
    /// For each test and each command.
    pub bounds: Bounds,
    /// When the run starts.
    pub started_at: DateTime<Utc>,
}

/// Receives a sentence on the progress of a run, in French.
pub type Progress<'all> = &'all (dyn Fn(&str) + Sync);

/// Runs the proofs of a scope in the repository at `root`: each test and each command once,
/// whatever the number of criteria that it proves.
///
/// # Errors
/// When cargo or git cannot be started, or when the tests do not build.
pub fn run(
    root: &Path,
    index: &Index,
    referential: &Referential,
    plan: &Plan,
    progress: Progress<'_>,
) -> anyhow::Result<Report> {
    let criteria = criteria(referential, &plan.scope);
    let proofs: Vec<&Proof> = criteria
        .iter()
        .flat_map(|criterion| index.of(criterion))
        .collect();

    let played = Played {
        tests: binaries::run(root, &proofs, plan.bounds, progress)?,
        commands: commands::run(root, &proofs, plan.bounds, progress)?,
    };

    let outcomes = criteria.iter().map(|criterion| {
        let proofs = index.of(criterion);
        let proofs = proofs.map(|proof| outcome(root, criterion, proof, &played));
        CriterionOutcome::new(criterion, proofs.collect())
    });

    Ok(Report {
        format: report::FORMAT,
        scope: plan.scope.to_string(),
        commit: git(root, &["rev-parse", "HEAD"])?,
        // A report on files that no commit holds could not be made again.
        modified: !git(root, &["status", "--porcelain"])?.is_empty(),
        remote: remote::described(root),
        at: plan.started_at.trunc_subsecs(0),
        criteria: outcomes.collect(),
    })
}

fn criteria<'all>(referential: &'all Referential, scope: &Scope) -> Vec<&'all Criterion> {
    referential
        .competencies
        .iter()
        .filter(|competency| scope.holds(competency, referential))
        .flat_map(|competency| &competency.criteria)
        .collect()
}

/// Proofs ready to be shown one by one: their tests are built.
pub struct Stage<'all> {
    root: &'all Path,
    binaries: Vec<binaries::Binary>,
    bounds: Bounds,
}

impl<'all> Stage<'all> {
    /// Builds the tests of these proofs.
    ///
    /// # Errors
    /// When cargo cannot be started, or when the tests do not build.
    pub fn build(
        root: &'all Path,
        proofs: &[&Proof],
        bounds: Bounds,
        progress: Progress<'_>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            root,
            binaries: binaries::build_all(root, proofs, bounds, progress)?,
            bounds,
        })
    }

    /// Plays one proof now.
    ///
    /// # Errors
    /// When its program cannot be started.
    pub fn play(&self, criterion: &Criterion, proof: &Proof) -> anyhow::Result<ProofOutcome> {
        let mut played = Played::default();

        match &proof.subject {
            Subject::Test(_) => {
                let verdict = binaries::play(&self.binaries, proof, self.bounds)?;
                let place = (proof.file.clone(), proof.line);
                played.tests.extend(verdict.map(|verdict| (place, verdict)));
            }
            Subject::Command(line) => {
                let verdict = commands::play(self.root, line, self.bounds)?;
                played.commands.insert(line, verdict);
            }
            Subject::Item(_) | Subject::Anchor(_) => {}
        }

        Ok(outcome(self.root, criterion, proof, &played))
    }
}

/// What the tests and the commands of a run gave: tests by the place of their proof, commands by
/// their line.
#[derive(Default)]
struct Played<'all> {
    tests: BTreeMap<(String, usize), Verdict>,
    commands: BTreeMap<&'all str, Verdict>,
}

/// Verdict on one proof, and the duration of its run.
#[derive(Debug, Clone, PartialEq)]
struct Verdict {
    finding: Finding,
    seconds: f64,
}

/// The three states, with the reason of two of them in French.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    Holds,
    NotPlayed(String),
    DoesNotHold(String),
}

impl Verdict {
    /// The verdict of a look at a file, which takes no time.
    fn at_once(finding: Finding) -> Self {
        Self {
            finding,
            seconds: 0.0,
        }
    }
}

impl Finding {
    /// Holds unless there is a fault.
    fn of_fault(fault: Option<String>) -> Self {
        fault.map_or(Self::Holds, Self::DoesNotHold)
    }
}

fn outcome(root: &Path, criterion: &Criterion, proof: &Proof, played: &Played<'_>) -> ProofOutcome {
    let verdict = verdict(root, criterion, proof, played);
    let (state, reason) = state(criterion, proof, verdict.as_ref());

    ProofOutcome {
        claim: proof.claim.clone(),
        principal: proof.principal,
        file: proof.file.clone(),
        line: proof.line,
        how: how(criterion, proof),
        state,
        reason,
        seconds: verdict.map(|verdict| verdict.seconds),
    }
}

fn verdict(
    root: &Path,
    criterion: &Criterion,
    proof: &Proof,
    played: &Played<'_>,
) -> Option<Verdict> {
    if let Some(fault) = named::fault(root, proof) {
        return Some(Verdict::at_once(Finding::DoesNotHold(fault)));
    }

    match &proof.subject {
        Subject::Test(_) => {
            let place = (proof.file.clone(), proof.line);
            played.tests.get(&place).cloned()
        }
        Subject::Command(line) => played.commands.get(line.as_str()).cloned(),
        Subject::Item(_) | Subject::Anchor(_) => look(root, criterion, proof).map(Verdict::at_once),
    }
}

/// The finding of a look at a file or a section, where a machine has something to look at.
fn look(root: &Path, criterion: &Criterion, proof: &Proof) -> Option<Finding> {
    if is_about_git(criterion) {
        return Some(remote::look(root, versioned(proof)));
    }

    match &proof.subject {
        Subject::Anchor(place) => Some(Finding::of_fault(document::fault_at(root, place))),
        _ if proof.file.ends_with(".md") => {
            let fault = document::fault(root, &proof.file, proof.line);
            Some(Finding::of_fault(fault))
        }
        _ => None,
    }
}

/// The file that a proof of a criterion on Git says to be versioned.
fn versioned(proof: &Proof) -> &str {
    match (&proof.code, &proof.subject) {
        (Some(code), _) => &code.path,
        (None, Subject::Anchor(place)) => place.split('#').next().unwrap_or(place),
        (None, _) => &proof.file,
    }
}

/// The way in which a proof is looked at, in French.
fn how(criterion: &Criterion, proof: &Proof) -> String {
    match &proof.subject {
        Subject::Test(name) => format!("test {name}"),
        Subject::Command(line) => format!("commande {line}"),
        _ if is_about_git(criterion) => format!("versionné et publié : {}", versioned(proof)),
        Subject::Item(name) if proof.file.ends_with(".md") => format!("document « {name} »"),
        Subject::Item(name) | Subject::Anchor(name) => format!("à lire : {name}"),
    }
}

/// A document stays a person's to judge, whatever the machine saw of it.
fn state(
    criterion: &Criterion,
    proof: &Proof,
    verdict: Option<&Verdict>,
) -> (State, Option<String>) {
    let is_read = matches!(proof.subject, Subject::Item(_) | Subject::Anchor(_));

    match verdict.map(|verdict| &verdict.finding) {
        Some(Finding::DoesNotHold(reason)) => (State::DoesNotHold, Some(reason.clone())),
        Some(Finding::NotPlayed(reason)) => (State::NotPlayed, Some(reason.clone())),
        Some(Finding::Holds) if !is_read || is_about_git(criterion) => (State::Holds, None),
        Some(Finding::Holds) | None => (State::ToJudge, None),
    }
}

/// True when the criterion asks that something be in a repository that others reach, and nothing
/// else.
fn is_about_git(criterion: &Criterion) -> bool {
    criterion.evidence == [Evidence::Git]
}

/// What git prints, without its last line break.
fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .output()
        .context("git est introuvable")?;

    if !output.status.success() {
        bail!(
            "git {} : {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
