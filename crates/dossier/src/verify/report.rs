//! Report of a run: in the terminal, as a page, as JSON and as JUnit.

use std::collections::BTreeSet;
use std::fmt::Write;

use askama::Template;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::referential::{Auto, Criterion};

/// Version of the JSON that a report is written as.
pub(super) const FORMAT: u32 = 1;

/// Outcomes of a scope, criterion by criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// 1.
    pub format: u32,
    /// The scope, in French.
    pub scope: String,
    /// The commit that was verified.
    pub commit: String,
    /// True when the files were no longer those of the commit.
    pub modified: bool,
    /// Remote of the clone, its address and its last tag, in French; none without a remote.
    pub remote: Option<String>,
    /// When the run started.
    pub at: DateTime<Utc>,
    /// One a criterion of the scope, in the order of the referential.
    pub criteria: Vec<CriterionOutcome>,
    /// The refusals of `index --check` on the whole tree, in French.
    #[serde(default)]
    pub refused: Vec<String>,
}

/// A criterion after its proofs were played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CriterionOutcome {
    /// Such as `C5.4`.
    pub id: String,
    /// Its wording in French.
    pub title: String,
    /// Who checks it.
    pub check: Check,
    /// Drawn from its proofs; never better than those that were played.
    pub state: State,
    /// Its proofs, the principal one first.
    pub proofs: Vec<ProofOutcome>,
}

/// A proof after it was played, or set aside with the reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProofOutcome {
    /// The claim, in French.
    pub claim: String,
    /// True for the one proof to show first.
    pub principal: bool,
    /// Path from the root, with `/`.
    pub file: String,
    /// Line from 1.
    pub line: usize,
    /// The thing that was run, in French.
    pub how: String,
    /// Any state but [`State::NotDeclared`].
    pub state: State,
    /// The reason, in French, why it is not played or does not hold.
    pub reason: Option<String>,
    /// Duration of the run; none when nothing ran.
    pub seconds: Option<f64>,
}

/// Who checks a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A machine checks the whole.
    Machine,
    /// A machine checks a part, a person judges the rest.
    Assisted,
    /// A person only.
    Person,
}

/// State of a proof or of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It ran, and its claim holds.
    Holds,
    /// A tool, a variable or a remote is missing: nothing is known.
    NotPlayed,
    /// It ran and failed, or the code it names is missing or empty.
    DoesNotHold,
    /// A person has to read it.
    ToJudge,
    /// The criterion has no proof.
    NotDeclared,
}

impl State {
    const ALL: [Self; 5] = [
        Self::Holds,
        Self::NotPlayed,
        Self::DoesNotHold,
        Self::ToJudge,
        Self::NotDeclared,
    ];

    /// The French words of the reports.
    pub fn french(self) -> &'static str {
        match self {
            Self::Holds => "tient",
            Self::NotPlayed => "non joué",
            Self::DoesNotHold => "ne tient pas",
            Self::ToJudge => "à juger",
            Self::NotDeclared => "sans preuve",
        }
    }
}

impl CriterionOutcome {
    pub(super) fn new(criterion: &Criterion, mut proofs: Vec<ProofOutcome>) -> Self {
        let check = match criterion.auto {
            Auto::Whole => Check::Machine,
            Auto::Assisted => Check::Assisted,
            Auto::Human => Check::Person,
        };
        proofs.sort_by_key(|proof| !proof.principal);

        Self {
            id: criterion.id.clone(),
            title: criterion.fr.clone(),
            check,
            state: state(check, &proofs),
            proofs,
        }
    }

    /// The state in French, with the part that is left to a person.
    pub fn told(&self) -> &'static str {
        match (self.state, self.check) {
            (State::Holds, Check::Assisted) => "tient, reste à juger",
            (state, _) => state.french(),
        }
    }
}

/// The state of a criterion: one proof that fails is enough to refute it, one that was not played
/// never makes it hold.
fn state(check: Check, proofs: &[ProofOutcome]) -> State {
    let any = |state| proofs.iter().any(|proof| proof.state == state);
    let principal = proofs.iter().find(|proof| proof.principal);
    // The others stand beside it: without the one to show, nothing is shown.
    let shows_nothing = principal.is_some_and(|proof| proof.state == State::NotPlayed);

    match check {
        _ if proofs.is_empty() => State::NotDeclared,
        _ if any(State::DoesNotHold) => State::DoesNotHold,
        _ if shows_nothing => State::NotPlayed,
        Check::Machine | Check::Assisted if any(State::Holds) => State::Holds,
        Check::Person if any(State::Holds) || any(State::ToJudge) => State::ToJudge,
        _ if any(State::NotPlayed) => State::NotPlayed,
        _ => State::ToJudge,
    }
}

impl Report {
    /// Number of proofs in a state.
    pub fn proofs(&self, state: State) -> usize {
        self.outcomes()
            .filter(|(_, proof)| proof.state == state)
            .count()
    }

    /// Number of criteria in a state.
    pub fn criteria(&self, state: State) -> usize {
        self.criteria
            .iter()
            .filter(|criterion| criterion.state == state)
            .count()
    }

    /// Number of faults: proofs that do not hold, and refusals of `index --check`.
    pub fn faults(&self) -> usize {
        self.proofs(State::DoesNotHold) + self.refused.len()
    }

    /// Every proof with its criterion.
    pub fn outcomes(&self) -> impl Iterator<Item = (&CriterionOutcome, &ProofOutcome)> {
        self.criteria
            .iter()
            .flat_map(|criterion| criterion.proofs.iter().map(move |proof| (criterion, proof)))
    }

    /// The tools and files that the rest lacks, each once.
    pub fn missing(&self) -> BTreeSet<&str> {
        self.outcomes()
            .filter(|(_, proof)| proof.state == State::NotPlayed)
            .filter_map(|(_, proof)| proof.reason.as_deref())
            .collect()
    }

    /// How many criteria, then how many proofs, are in each state, in French.
    pub fn summary(&self) -> [String; 2] {
        let listed = |states: &[State], count: &dyn Fn(State) -> usize| {
            let parts = states
                .iter()
                .map(|state| format!("{} {}", state.french(), count(*state)));
            parts.collect::<Vec<_>>().join(", ")
        };
        let criteria = listed(&State::ALL, &|state| self.criteria(state));
        // A proof that is not declared is no proof.
        let proofs = listed(&State::ALL[..4], &|state| self.proofs(state));

        [
            format!("Critères : {criteria}"),
            format!("Preuves : {proofs}"),
        ]
    }

    /// The report in the terminal.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Vérification de {}, commit {}, {}\n",
            self.scope,
            self.commit(),
            self.when()
        );

        if let Some(remote) = &self.remote {
            let _ = writeln!(text, "Dépôt distant : {remote}");
        }
        for criterion in &self.criteria {
            lines(&mut text, criterion);
        }
        for missing in self.missing() {
            let _ = writeln!(text, "Il manque : {missing}");
        }
        for refused in &self.refused {
            let _ = writeln!(text, "Refusé par `cargo dossier index --check` : {refused}");
        }

        text + &self.summary().join("\n") + "\n"
    }

    /// The report as one self-contained accessible page.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        VerificationPage { report: self }.render()
    }

    /// The report as JUnit: a proof that does not hold is a failure; one that was not played, or
    /// that a person has to judge, is skipped with its reason.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn junit(&self) -> Result<String, askama::Error> {
        JUnit { report: self }.render()
    }

    fn commit(&self) -> String {
        let changed = if self.modified {
            " (fichiers modifiés depuis)"
        } else {
            ""
        };
        format!("{}{changed}", self.commit)
    }

    fn when(&self) -> String {
        self.at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
    }

    fn tests(&self) -> usize {
        self.outcomes().count() + self.refused.len()
    }

    fn skipped(&self) -> usize {
        self.proofs(State::NotPlayed) + self.proofs(State::ToJudge)
    }
}

fn lines(text: &mut String, criterion: &CriterionOutcome) {
    let CriterionOutcome { id, title, .. } = criterion;
    let _ = writeln!(text, "{id:<6} {:<20} {title}", criterion.told());

    for proof in &criterion.proofs {
        let ProofOutcome {
            claim, file, line, ..
        } = proof;
        let _ = writeln!(
            text,
            "       {:<12} {claim} ({file}:{line}{}){}",
            proof.state.french(),
            proof.took(),
            proof.because()
        );
    }
}

impl ProofOutcome {
    /// The state in French, with its duration and its reason.
    pub fn told(&self) -> String {
        format!("{}{}{}", self.state.french(), self.took(), self.because())
    }

    fn took(&self) -> String {
        self.seconds
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| format!(", {seconds:.1} s"))
            .unwrap_or_default()
    }

    fn because(&self) -> String {
        self.reason
            .as_ref()
            .map(|reason| format!(" : {reason}"))
            .unwrap_or_default()
    }

    /// The word of JUnit and its message; none for a proof that holds.
    fn junit(&self) -> Option<(&'static str, String)> {
        match self.state {
            State::Holds => None,
            State::DoesNotHold => Some(("failure", self.reason.clone().unwrap_or_default())),
            State::NotPlayed => Some(("skipped", format!("non joué{}", self.because()))),
            State::ToJudge | State::NotDeclared => Some((
                "skipped",
                format!("à juger par une personne : {}:{}", self.file, self.line),
            )),
        }
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
