//! Report of a run: in the terminal, as a page, as JSON and as JUnit.

use std::fmt::Write;

use askama::Template;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Outcomes of the proofs of a scope. Serialised, it is `filrouge-verify/1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// `filrouge-verify/1`.
    pub schema: &'static str,
    /// The scope, in French.
    pub scope: String,
    /// The commit that was verified.
    pub commit: String,
    /// When the run started.
    pub started_at: DateTime<Utc>,
    /// One a proof, in the order of the referential.
    pub outcomes: Vec<ProofOutcome>,
    /// Identifier and wording of the criteria that have no proof.
    pub without_proof: Vec<(String, String)>,
}

/// ProofOutcome of one proof.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProofOutcome {
    /// Such as `C5.4`.
    pub criterion: String,
    /// The claim, in French.
    pub claim: String,
    /// Path from the root, with `/`.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// The thing that was run, in French.
    pub how: String,
    /// Held, failed, or a person's to judge.
    pub state: State,
    /// The reason of a failure, in French.
    pub fault: Option<String>,
    /// Duration of the run, the whole binary for a test; none when nothing ran.
    pub seconds: Option<f64>,
}

/// State of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The machine checked the whole criterion through it.
    Held,
    /// The part that a machine can check held; the rest is a person's to judge.
    HeldToJudge,
    /// Only a person can judge.
    ToJudge,
    /// It did not hold.
    Failed,
}

impl State {
    /// The French words of the reports.
    pub fn french(self) -> &'static str {
        match self {
            Self::Held => "tient",
            Self::HeldToJudge => "tient, à juger",
            Self::ToJudge => "à juger",
            Self::Failed => "ne tient pas",
        }
    }
}

impl Report {
    /// True when nothing that was run failed.
    pub fn held(&self) -> bool {
        self.count(State::Failed) == 0
    }

    /// Number of proofs in a state.
    pub fn count(&self, state: State) -> usize {
        self.outcomes
            .iter()
            .filter(|outcome| outcome.state == state)
            .count()
    }

    /// One sentence on the whole, in French.
    pub fn summary(&self) -> String {
        format!(
            "{} preuves : {} tiennent, {} tiennent et restent à juger, {} à juger, {} ne tiennent pas ; {} critères sans preuve",
            self.outcomes.len(),
            self.count(State::Held),
            self.count(State::HeldToJudge),
            self.count(State::ToJudge),
            self.count(State::Failed),
            self.without_proof.len(),
        )
    }

    /// The report in the terminal.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Vérification de {}, commit {}, {}\n",
            self.scope,
            self.commit,
            self.when()
        );

        for outcome in &self.outcomes {
            let ProofOutcome {
                criterion,
                claim,
                file,
                line,
                ..
            } = outcome;

            let _ = write!(
                text,
                "{:<15} {criterion:<6} {claim} ({file}:{line}{})",
                outcome.state.french(),
                outcome.took()
            );

            let _ = writeln!(
                text,
                "{}",
                outcome
                    .fault
                    .as_ref()
                    .map(|fault| format!(" : {fault}"))
                    .unwrap_or_default()
            );
        }

        for (id, title) in &self.without_proof {
            let _ = writeln!(text, "{:<15} {id:<6} {title}", "sans preuve");
        }
        text + &self.summary() + "\n"
    }

    /// The report as one self-contained accessible page.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        VerificationPage { report: self }.render()
    }

    /// The report as JUnit: a failure is a failure, a proof that a person has to judge is skipped.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn junit(&self) -> Result<String, askama::Error> {
        JUnit { report: self }.render()
    }

    fn when(&self) -> String {
        self.started_at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
    }
}

impl ProofOutcome {
    fn took(&self) -> String {
        self.seconds
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| format!(", {seconds:.1} s"))
            .unwrap_or_default()
    }

    fn fault_text(&self) -> &str {
        self.fault.as_deref().unwrap_or_default()
    }

    fn is_left_to_a_person(&self) -> bool {
        self.state == State::ToJudge
    }
}

#[derive(Template)]
#[template(path = "verification.html")]
struct VerificationPage<'all> {
    report: &'all Report,
}

#[derive(Template)]
#[template(path = "junit.xml", escape = "html")]
struct JUnit<'all> {
    report: &'all Report,
}
