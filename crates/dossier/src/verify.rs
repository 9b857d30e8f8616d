//! Runs the proofs of the criteria again, within bounds: each one holds, is not played, or does not
//! hold. A proof that only a person can judge is listed with the place to look at, and never ticked.

mod binaries;
mod chain;
mod commands;
mod document;
mod installed;
mod libtest;
mod named;
mod remote;
mod report;
pub mod saved;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SubsecRound, Utc};

use chain::PlayedCommands;
pub use report::{Check, CriterionOutcome, ProofOutcome, Report, State};
pub use scope::Scope;

use crate::execution::Execution;
use crate::git::Git;
use crate::index::{self, Index, ToldProof};
use crate::referential::{Auto, Criterion, Evidence, Referential};
use filrouge_compare::proof::{Proof, Subject};

/// The variable under which a test or a command that cannot play says so instead of passing.
const STRICT: (&str, &str) = ("FILROUGE_STRICT", "1");
/// Beginning of the line by which a test or a command says that it cannot play.
const NOT_PLAYED: &str = "not played: ";

/// Scope of a run, and how its programs run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The part of the referential.
    pub scope: Scope,
    /// For all that comes from the repository.
    pub execution: Execution,
    /// What a chain has just played on the same commit.
    pub played: Option<PathBuf>,
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
    let git = Git::open(root)?;
    let (commit, modified) = (git.head()?, git.is_modified()?);
    let before = match &plan.played {
        // A proof played on files that changed since shows nothing of them.
        Some(path) if !modified => PlayedCommands::read(path, &commit)?,
        Some(_) => {
            progress("des fichiers ne sont pas ceux du commit : tout est rejoué");
            PlayedCommands::default()
        }
        None => PlayedCommands::default(),
    };

    let criteria = criteria(referential, &plan.scope);
    let proofs: Vec<&Proof> = criteria
        .iter()
        .flat_map(|criterion| index.of(criterion))
        .collect();

    let played = Played {
        tests: binaries::run(root, &proofs, &plan.execution, &before.tests, progress)?,
        commands: commands::run(root, &proofs, &plan.execution, &before, progress)?,
    };

    let outcomes = criteria.iter().map(|criterion| {
        let proofs = index.of(criterion);
        let proofs = proofs.map(|proof| outcome(&git, root, criterion, proof, &played));
        let lost = index.lost.iter();
        let lost = lost
            .filter(|told| told.criterion == criterion.id)
            .map(lost_outcome);
        CriterionOutcome::new(criterion, proofs.chain(lost).collect())
    });

    Ok(Report {
        format: report::FORMAT,
        scope: plan.scope.to_string(),
        commit,
        // A report on files that no commit holds could not be made again.
        modified: modified || git.is_modified()?,
        remote: remote::described(&git),
        at: plan.started_at.trunc_subsecs(0),
        criteria: outcomes.collect(),
        refused: index::refusals(root, index, referential),
    })
}

/// The outcome of a proof that a page tells and that no source declares: it shows nothing any more.
fn lost_outcome(told: &ToldProof) -> ProofOutcome {
    ProofOutcome {
        claim: told.claim.clone(),
        principal: told.principal,
        file: told.page.clone(),
        line: told.line,
        how: format!("déclarée dans {}", told.file),
        state: State::DoesNotHold,
        reason: Some(format!(
            "{} ne porte plus cette preuve (supprimée : `cargo xtask regenerate`)",
            told.file
        )),
        seconds: None,
    }
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
    git: Git,
    root: &'all Path,
    binaries: Vec<binaries::Binary>,
    execution: Execution,
}

impl<'all> Stage<'all> {
    /// Builds the tests of these proofs.
    ///
    /// # Errors
    /// When cargo cannot be started, or when the tests do not build.
    pub fn build(
        root: &'all Path,
        proofs: &[&Proof],
        execution: Execution,
        progress: Progress<'_>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            git: Git::open(root)?,
            root,
            binaries: binaries::build_all(root, proofs, &execution, progress)?,
            execution,
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
                let verdict = binaries::play(&self.binaries, proof, &self.execution)?;
                let place = (proof.file.clone(), proof.line);
                played.tests.extend(verdict.map(|verdict| (place, verdict)));
            }
            Subject::Command(line) => {
                let verdict = commands::play(self.root, line, &self.execution)?;
                played.commands.insert(line, verdict);
            }
            Subject::Item(_) | Subject::Anchor(_) => {}
        }

        Ok(outcome(&self.git, self.root, criterion, proof, &played))
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

fn outcome(
    git: &Git,
    root: &Path,
    criterion: &Criterion,
    proof: &Proof,
    played: &Played<'_>,
) -> ProofOutcome {
    let verdict = verdict(git, root, criterion, proof, played);
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
    git: &Git,
    root: &Path,
    criterion: &Criterion,
    proof: &Proof,
    played: &Played<'_>,
) -> Option<Verdict> {
    if let Some(fault) = named::fault(git, root, proof) {
        return Some(Verdict::at_once(Finding::DoesNotHold(fault)));
    }

    match &proof.subject {
        Subject::Test(_) => {
            let place = (proof.file.clone(), proof.line);
            played.tests.get(&place).cloned()
        }
        Subject::Command(line) => played.commands.get(line.as_str()).cloned(),
        Subject::Item(_) | Subject::Anchor(_) => {
            look(git, root, criterion, proof).map(Verdict::at_once)
        }
    }
}

/// The finding of a look at a file or a section, where a machine has something to look at.
fn look(git: &Git, root: &Path, criterion: &Criterion, proof: &Proof) -> Option<Finding> {
    let fault = match &proof.subject {
        Subject::Anchor(place) => Some(document::fault_at(root, place)),
        _ if proof.file.ends_with(".md") => Some(document::fault(root, &proof.file, proof.line)),
        _ => None,
    };

    match fault.map(Finding::of_fault) {
        Some(Finding::Holds) | None if asks_for_git(criterion) => {
            Some(remote::look(git, &versioned(proof)))
        }
        finding => finding,
    }
}

/// The files that a proof of a criterion on Git says to be versioned: where it tells it, and the
/// code.
fn versioned(proof: &Proof) -> Vec<&str> {
    let told = match &proof.subject {
        Subject::Anchor(place) => place.split('#').next().unwrap_or(place),
        _ => &proof.file,
    };
    let code = proof.code.iter().map(|code| code.path.as_str());

    std::iter::once(told).chain(code).collect()
}

/// The way in which a proof is looked at, in French.
fn how(criterion: &Criterion, proof: &Proof) -> String {
    match &proof.subject {
        Subject::Test(name) => format!("test {name}"),
        Subject::Command(line) => format!("commande {line}"),
        _ if asks_for_git(criterion) => {
            format!("versionné et publié : {}", versioned(proof).join(", "))
        }
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
        Some(Finding::Holds) if !is_read || asks_for_git(criterion) => (State::Holds, None),
        Some(Finding::Holds) | None => (State::ToJudge, None),
    }
}

/// True when a machine can check the whole of a criterion that asks for something in a repository
/// that others reach.
fn asks_for_git(criterion: &Criterion) -> bool {
    criterion.auto == Auto::Whole && criterion.evidence.contains(&Evidence::Git)
}
