//! Runs the tests that prove criteria, and says what held. What only a person can judge is listed, never ticked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::index::Index;
use crate::proof::{Proof, Subject};
use crate::referential::{Competency, Referential};

/// What is verified: everything, or one competency, épreuve or bloc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All criteria.
    Everything,
    /// Such as `C5`.
    Competency(String),
    /// Such as `E3`.
    Epreuve(String),
    /// Such as 1.
    Bloc(u32),
}

impl Scope {
    /// Reads `C5`, `E3` or `bloc-1`.
    ///
    /// # Errors
    /// When the referential has no such part.
    pub fn parse(text: &str, referential: &Referential) -> anyhow::Result<Self> {
        let bloc = text.strip_prefix("bloc-").and_then(|number| number.parse().ok());
        if let Some(bloc) = bloc.filter(|bloc| referential.blocs.iter().any(|known| known.id == *bloc)) {
            return Ok(Self::Bloc(bloc));
        }
        if referential.competencies.iter().any(|competency| competency.id == text) {
            return Ok(Self::Competency(text.to_owned()));
        }
        if referential.epreuves.iter().any(|epreuve| epreuve.id == text) {
            return Ok(Self::Epreuve(text.to_owned()));
        }
        anyhow::bail!("« {text} » n'est ni une compétence (C5), ni une épreuve (E3), ni un bloc (bloc-1)")
    }

    fn holds(&self, competency: &Competency, referential: &Referential) -> bool {
        match self {
            Self::Everything => true,
            Self::Competency(id) => &competency.id == id,
            Self::Epreuve(id) => &competency.epreuve == id,
            Self::Bloc(bloc) => {
                referential.epreuves.iter().any(|epreuve| epreuve.id == competency.epreuve && epreuve.bloc == *bloc)
            }
        }
    }
}

/// What a run says of the proofs of a scope.
#[derive(Debug)]
pub struct Report {
    /// The report in French text.
    pub text: String,
    /// Whether every test that was run held.
    pub held: bool,
}

/// Runs the tests of a scope, one `cargo test` for each package.
///
/// # Errors
/// When cargo cannot be started.
pub fn run(root: &Path, index: &Index, referential: &Referential, scope: &Scope) -> anyhow::Result<Report> {
    let within = referential.competencies.iter().filter(|competency| scope.holds(competency, referential));
    let criteria: Vec<_> = within.flat_map(|competency| &competency.criteria).collect();
    let proofs = || criteria.iter().flat_map(|criterion| index.of(criterion));
    let output = outputs(root, proofs())?;
    let mut report = Report { text: String::new(), held: true };
    for proof in proofs() {
        let state = match test_of(proof) {
            None => "à juger",
            Some((package, name)) if passed(&output[package], name) => "tient",
            Some(_) => {
                report.held = false;
                "ne tient pas"
            }
        };
        let Proof { criterion, claim, file, line, .. } = proof;
        let _ = writeln!(report.text, "{state:<12} {criterion} {claim} ({file}:{line})");
    }
    for criterion in criteria.iter().filter(|criterion| index.of(criterion).next().is_none()) {
        let _ = writeln!(report.text, "{:<12} {} {}", "sans preuve", criterion.id, criterion.fr);
    }
    Ok(report)
}

fn outputs<'a>(root: &Path, proofs: impl Iterator<Item = &'a Proof>) -> anyhow::Result<BTreeMap<&'a str, String>> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (package, name) in proofs.filter_map(test_of) {
        names.entry(package).or_default().insert(name);
    }
    names.into_iter().map(|(package, names)| Ok((package, output(root, package, names)?))).collect()
}

fn output(root: &Path, package: &str, names: BTreeSet<&str>) -> anyhow::Result<String> {
    let command = Command::new("cargo")
        .args(["test", "--no-fail-fast", "--package", &format!("filrouge-{package}"), "--"])
        .args(names)
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cargo est introuvable")?;
    Ok(String::from_utf8_lossy(&command.stdout).into_owned())
}

/// The folder of the crate and the name of the test that a proof is bound to.
fn test_of(proof: &Proof) -> Option<(&str, &str)> {
    let package = proof.file.strip_prefix("crates/")?.split('/').next()?;
    match &proof.subject {
        Subject::Test(name) if proof.file.ends_with(".rs") => Some((package, name)),
        _ => None,
    }
}

/// Whether the test ran and held, everywhere that it ran.
fn passed(output: &str, name: &str) -> bool {
    let results = output.lines().filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "));
    let mut results = results.filter(|(path, _)| path.rsplit("::").next() == Some(name)).peekable();
    results.peek().is_some() && results.all(|(_, result)| result == "ok")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_holds_when_it_ran_and_passed() {
        let output = "test auth::tests::refused ... ok\ntest auth::broken ... FAILED\ntest late ... ignored\n";
        assert!(passed(output, "refused"));
        for name in ["broken", "late", "fused", "absent"] {
            assert!(!passed(output, name), "{name}");
        }
    }

    #[test]
    fn a_scope_is_a_competency_an_epreuve_or_a_bloc() {
        let referential = Referential::load().unwrap();
        let parse = |text: &str| Scope::parse(text, &referential).map_err(|error| error.to_string());
        assert_eq!(parse("C5"), Ok(Scope::Competency("C5".to_owned())));
        assert_eq!(parse("E3"), Ok(Scope::Epreuve("E3".to_owned())));
        assert_eq!(parse("bloc-1"), Ok(Scope::Bloc(1)));
        assert!(parse("bloc-4").is_err() && parse("C22").is_err());
    }
}
