//! Runs the proofs of the criteria again, within bounds, and says which held. A proof that only a
//! person can judge is listed with the place to look at, and never ticked.

mod binaries;
mod bounded;
mod document;
mod report;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use chrono::{DateTime, Utc};

pub use bounded::Bounds;
pub use report::{ProofOutcome, Report, State};
pub use scope::Scope;

use crate::index::Index;
use crate::referential::{Auto, Criterion, Evidence, Referential};
use filrouge_compare::proof::{Proof, Subject};

/// Scope and bounds of a run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The part of the referential.
    pub scope: Scope,
    /// For each test binary and each command.
    pub bounds: Bounds,
    /// When the run starts.
    pub started_at: DateTime<Utc>,
}

/// Runs the proofs of a scope in the repository at `root`: each test binary once, with the exact
/// names of its tests.
///
/// # Errors
/// When cargo or git cannot be started, or when the tests do not build.
pub fn run(
    root: &Path,
    index: &Index,
    referential: &Referential,
    plan: &Plan,
) -> anyhow::Result<Report> {
    let criteria = criteria(referential, &plan.scope);
    let proofs: Vec<&Proof> = criteria
        .iter()
        .flat_map(|criterion| index.of(criterion))
        .collect();

    let tests = binaries::run(root, &proofs, plan.bounds)?;
    let commands = commands(root, &proofs, plan.bounds)?;

    let outcomes = criteria.iter().flat_map(|criterion| {
        let (tests, commands) = (&tests, &commands);
        index
            .of(criterion)
            .map(move |proof| outcome(root, criterion, proof, tests, commands))
    });

    Ok(Report {
        schema: "filrouge-verify/1",
        scope: plan.scope.to_string(),
        commit: commit(root)?,
        started_at: plan.started_at,
        outcomes: outcomes.collect(),
        without_proof: criteria
            .iter()
            .filter(|criterion| index.of(criterion).next().is_none())
            .map(|criterion| (criterion.id.clone(), criterion.fr.clone()))
            .collect(),
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

/// ProofOutcome of one run: held or not, the reason, the duration.
#[derive(Debug, Clone, PartialEq)]
struct Verdict {
    fault: Option<String>,
    seconds: f64,
}

impl Verdict {
    /// The verdict of a look at a file, which takes no time.
    fn at_once(fault: Option<String>) -> Self {
        Self {
            fault,
            seconds: 0.0,
        }
    }
}

/// Runs each declared command once.
fn commands<'all>(
    root: &Path,
    proofs: &[&'all Proof],
    bounds: Bounds,
) -> anyhow::Result<BTreeMap<&'all str, Verdict>> {
    let mut verdicts = BTreeMap::new();

    for proof in proofs {
        let Subject::Command(line) = &proof.subject else {
            continue;
        };

        // Several criteria may be proved by one command, which may take minutes.
        if let Entry::Vacant(verdict) = verdicts.entry(line.as_str()) {
            let run = bounds.run(Command::new("sh").args(["-c", line]).current_dir(root))?;
            verdict.insert(Verdict {
                fault: run.fault(),
                seconds: run.seconds,
            });
        }
    }

    Ok(verdicts)
}

fn outcome(
    root: &Path,
    criterion: &Criterion,
    proof: &Proof,
    tests: &BTreeMap<(String, usize), Verdict>,
    commands: &BTreeMap<&str, Verdict>,
) -> ProofOutcome {
    let verdict = match &proof.subject {
        Subject::Test(_) => tests.get(&(proof.file.clone(), proof.line)).cloned(),
        Subject::Command(line) => commands.get(line.as_str()).cloned(),
        Subject::Item(_) => look(root, criterion, proof),
        Subject::Anchor(_) => None,
    };

    ProofOutcome {
        criterion: criterion.id.clone(),
        claim: proof.claim.clone(),
        file: proof.file.clone(),
        line: proof.line,
        how: how(criterion, proof),
        state: state(criterion, &proof.subject, verdict.as_ref()),
        fault: verdict.as_ref().and_then(|verdict| verdict.fault.clone()),
        seconds: verdict.map(|verdict| verdict.seconds),
    }
}

/// The verdict of a look at the file of an item, where a machine has something to look at.
fn look(root: &Path, criterion: &Criterion, proof: &Proof) -> Option<Verdict> {
    let Proof { file, line, .. } = proof;
    let fault = if is_about_git(criterion) {
        unversioned(root, file)
    } else if file.ends_with(".md") {
        document::fault(root, file, *line)
    } else {
        return None;
    };

    Some(Verdict::at_once(fault))
}

/// The way in which a proof is looked at, in French.
fn how(criterion: &Criterion, proof: &Proof) -> String {
    match &proof.subject {
        Subject::Test(name) => format!("test {name}"),
        Subject::Command(line) => format!("commande {line}"),
        Subject::Item(_) if is_about_git(criterion) => format!("versionné : {}", proof.file),
        Subject::Item(name) if proof.file.ends_with(".md") => format!("document « {name} »"),
        Subject::Item(name) | Subject::Anchor(name) => format!("à lire : {name}"),
    }
}

/// A person's part stays a person's, whatever the machine saw.
fn state(criterion: &Criterion, subject: &Subject, verdict: Option<&Verdict>) -> State {
    let is_document = matches!(subject, Subject::Item(_)) && !is_about_git(criterion);
    match verdict {
        Some(Verdict { fault: Some(_), .. }) => State::Failed,
        None => State::ToJudge,
        Some(_) if criterion.auto == Auto::Human => State::ToJudge,
        Some(_) if is_document || criterion.auto == Auto::Assisted => State::HeldToJudge,
        Some(_) => State::Held,
    }
}

/// True when the criterion asks that something be versioned, and nothing else.
fn is_about_git(criterion: &Criterion) -> bool {
    criterion.evidence == [Evidence::Git]
}

/// The reason, in French, when a file is not versioned.
fn unversioned(root: &Path, file: &str) -> Option<String> {
    let output = Command::new("git")
        .args(["log", "-1", "--format=%h", "--", file])
        .current_dir(root)
        .output();
    let is_committed =
        output.is_ok_and(|output| output.status.success() && !output.stdout.is_empty());
    (!is_committed).then(|| "aucun commit ne porte ce fichier".to_owned())
}

/// The commit of the tree, with a word when the files are no longer those of the commit.
fn commit(root: &Path) -> anyhow::Result<String> {
    let git = |arguments: &[&str]| -> anyhow::Result<String> {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(root)
            .output()
            .context("git est introuvable")?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };

    let hash = git(&["rev-parse", "HEAD"])?;

    // A report on files that no commit holds could not be made again.
    let changed = if git(&["status", "--porcelain"])?.is_empty() {
        ""
    } else {
        " (fichiers modifiés depuis)"
    };

    Ok(format!("{hash}{changed}"))
}
