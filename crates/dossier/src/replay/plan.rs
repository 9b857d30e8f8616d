//! The plan of the oral: the steps of each épreuve, chosen so that they fit in its minutes.

use std::fmt::Write;
use std::path::Path;

use crate::index::Index;
use crate::package;
use crate::referential::{Competency, Criterion, Epreuve, Referential};
use crate::verify::Report;
use filrouge_compare::proof::{Proof, Subject};

/// Seconds to present a step and to let it be read, beside the time that it takes to run.
const TELLING: f64 = 60.0;
/// Seconds kept for a demonstration on screen, where the épreuve asks for one.
const DEMONSTRATION: f64 = 300.0;

/// Live demonstrations, by épreuve: the thing to do, and the sight to expect.
pub(super) const DEMONSTRATIONS: [(&str, &str, &str); 2] = [
    (
        "E3",
        "ouvrir /docs de l'API du modèle et la page d'une station",
        "l'API répond avec un jeton et refuse sans, la page montre la prévision ; la chaîne du modèle se déroule",
    ),
    (
        "E4",
        "ouvrir la page d'accueil au clavier seul",
        "chercher une station, lire sa prévision en graphique, en texte et en tableau",
    ),
];

/// The oral, épreuve by épreuve.
pub struct Plan<'all> {
    /// In the order of the oral.
    pub parts: Vec<Part<'all>>,
    /// When the durations were measured, in French.
    measured: String,
    /// Minutes of questions after the last épreuve; none when one épreuve alone is shown.
    questions_minutes: Option<u32>,
}

/// One épreuve.
pub struct Part<'all> {
    /// The épreuve.
    pub epreuve: &'all Epreuve,
    /// Minute at which it starts.
    pub start: u32,
    /// Shown, in the order of the referential.
    pub steps: Vec<Step<'all>>,
    /// Those that do not fit: shown when the jury asks.
    pub others: Vec<Step<'all>>,
    /// Number of its criteria.
    criteria: usize,
    /// Criteria without a proof.
    not_ready: Vec<&'all str>,
}

/// One proof to show.
pub struct Step<'all> {
    /// The competency that it belongs to.
    pub competency: &'all Competency,
    /// The criterion that it proves.
    pub criterion: &'all Criterion,
    /// The principal proof, or the first one where none is.
    pub proof: &'all Proof,
    /// The command to type, or the place to open.
    pub action: String,
    /// Duration of its last run; none when nothing runs, or when it was never measured.
    pub seconds: Option<f64>,
}

impl<'all> Plan<'all> {
    /// The plan of the proofs of the tree at `root`, with the durations of the last verification.
    pub fn new(
        root: &Path,
        index: &'all Index,
        referential: &'all Referential,
        last: Option<&Report>,
    ) -> Self {
        let mut start = 0;
        let mut parts = Vec::new();

        for epreuve in referential.oral() {
            let steps = steps(root, index, referential, epreuve, last);
            parts.push(Part::new(epreuve, start, steps, index, referential));
            start += epreuve.oral_minutes;
        }

        Self {
            parts,
            measured: measured(last),
            questions_minutes: Some(referential.questions_minutes),
        }
    }

    /// Keeps one épreuve only.
    ///
    /// # Errors
    /// When the oral has no such épreuve.
    pub fn keep(&mut self, epreuve: &str) -> anyhow::Result<()> {
        self.parts.retain(|part| part.epreuve.id == epreuve);
        self.questions_minutes = None;
        anyhow::ensure!(
            !self.parts.is_empty(),
            "« {epreuve} » n'est pas une épreuve : E1 à E5"
        );
        Ok(())
    }

    /// All the steps that are shown.
    pub fn steps(&self) -> impl Iterator<Item = &Step<'all>> {
        self.parts.iter().flat_map(|part| &part.steps)
    }

    /// The plan in French.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n\n", self.measured);
        for part in &self.parts {
            part.write(&mut text);
        }

        if let (Some(minutes), Some(last)) = (self.questions_minutes, self.parts.last()) {
            let end = last.end();
            let _ = writeln!(text, "{end} à {} min  Questions du jury\n", end + minutes);
        }

        let not_ready: usize = self.parts.iter().map(|part| part.not_ready.len()).sum();
        let criteria: usize = self.parts.iter().map(|part| part.criteria).sum();
        let _ = writeln!(
            text,
            "Critères qui ne sont pas prêts : {not_ready} sur {criteria}"
        );
        text
    }
}

fn measured(last: Option<&Report>) -> String {
    match last {
        Some(report) => format!(
            "Durées mesurées le {} par cargo dossier verify, commit {:.12}.",
            report.at.format("%Y-%m-%d"),
            report.commit
        ),
        None => "Durées jamais mesurées : cargo dossier verify les mesure.".to_owned(),
    }
}

/// One step for each criterion that has a proof.
fn steps<'all>(
    root: &Path,
    index: &'all Index,
    referential: &'all Referential,
    epreuve: &'all Epreuve,
    last: Option<&Report>,
) -> Vec<Step<'all>> {
    let competencies = referential.competencies_of(epreuve);
    let criteria = competencies.flat_map(|competency| {
        let criteria = competency.criteria.iter();
        criteria.map(move |criterion| (competency, criterion))
    });

    criteria
        .filter_map(|(competency, criterion)| {
            let proof = index.of(criterion).next()?;
            Some(Step {
                competency,
                criterion,
                proof,
                action: action(root, proof),
                seconds: last.and_then(|report| duration(report, proof)),
            })
        })
        .collect()
}

fn duration(report: &Report, proof: &Proof) -> Option<f64> {
    let mut outcomes = report.outcomes();
    let same = outcomes.find(|(criterion, outcome)| {
        criterion.id == proof.criterion
            && outcome.claim == proof.claim
            && outcome.file == proof.file
    });
    same.and_then(|(_, outcome)| outcome.seconds)
}

impl<'all> Part<'all> {
    fn new(
        epreuve: &'all Epreuve,
        start: u32,
        all: Vec<Step<'all>>,
        index: &Index,
        referential: &'all Referential,
    ) -> Self {
        let chosen = chosen(&all, budget(epreuve));
        let (mut steps, mut others) = (Vec::new(), Vec::new());
        for (rank, step) in all.into_iter().enumerate() {
            if chosen.contains(&rank) {
                steps.push(step);
            } else {
                others.push(step);
            }
        }

        let criteria: Vec<&Criterion> = referential
            .competencies_of(epreuve)
            .flat_map(|competency| &competency.criteria)
            .collect();
        let missing = criteria
            .iter()
            .filter(|criterion| index.of(criterion).next().is_none());

        Self {
            epreuve,
            start,
            steps,
            others,
            criteria: criteria.len(),
            not_ready: missing.map(|criterion| criterion.id.as_str()).collect(),
        }
    }

    /// Minute at which it ends.
    pub fn end(&self) -> u32 {
        self.start + self.epreuve.oral_minutes
    }

    fn write(&self, text: &mut String) {
        let Epreuve {
            id, kind, presents, ..
        } = self.epreuve;
        let (start, end) = (self.start, self.end());
        let _ = writeln!(
            text,
            "{start:>2} à {end:>2} min  {id} ({kind}) : {presents}"
        );

        let used: f64 = self.steps.iter().map(Step::cost).sum();
        let _ = writeln!(
            text,
            "  Preuves à montrer : {}, soit {:.0} min sur {}",
            self.steps.len(),
            (used + demonstration_seconds(self.epreuve)) / 60.0,
            self.epreuve.oral_minutes
        );

        demonstration(text, self.epreuve);
        self.write_steps(text);
        self.write_rest(text);
        text.push('\n');
    }

    fn write_steps(&self, text: &mut String) {
        let mut competency = "";
        for step in &self.steps {
            if step.competency.id != competency {
                competency = &step.competency.id;
                let _ = writeln!(text, "\n  {competency} {}", step.competency.fr);
            }
            text.push_str(&step.text());
        }
    }

    fn write_rest(&self, text: &mut String) {
        if !self.others.is_empty() {
            text.push_str("\n  Si le jury le demande :\n");
        }

        for step in &self.others {
            let _ = writeln!(
                text,
                "    {} {}{}",
                step.criterion.id,
                step.action,
                step.took()
            );
        }

        if !self.not_ready.is_empty() {
            let _ = writeln!(
                text,
                "\n  Pas prêt (aucune preuve déclarée) : {}",
                self.not_ready.join(", ")
            );
        }
    }
}

pub(super) fn demonstration(text: &mut String, epreuve: &Epreuve) {
    for (_, action, seen) in DEMONSTRATIONS.iter().filter(|(id, ..)| *id == epreuve.id) {
        let _ = writeln!(
            text,
            "\n  Démonstration exigée : {action}\n      à voir : {seen}"
        );
    }
}

fn demonstration_seconds(epreuve: &Epreuve) -> f64 {
    if epreuve.demonstration {
        DEMONSTRATION
    } else {
        0.0
    }
}

fn budget(epreuve: &Epreuve) -> f64 {
    f64::from(epreuve.oral_minutes) * 60.0 - demonstration_seconds(epreuve)
}

/// The ranks of the steps that fit: one for each competency, then a second one for each, while the
/// seconds last.
fn chosen(steps: &[Step<'_>], mut seconds: f64) -> Vec<usize> {
    let mut ranks: Vec<(usize, usize)> = Vec::new();
    for (rank, step) in steps.iter().enumerate() {
        let before = steps[..rank].iter();
        let turn = before
            .filter(|other| other.competency.id == step.competency.id)
            .count();
        ranks.push((turn, rank));
    }
    ranks.sort_unstable();

    let mut chosen = Vec::new();
    for (_, rank) in ranks {
        if steps[rank].cost() <= seconds {
            seconds -= steps[rank].cost();
            chosen.push(rank);
        }
    }
    chosen
}

impl Step<'_> {
    /// Seconds of the oral that it takes.
    pub(super) fn cost(&self) -> f64 {
        TELLING + self.seconds.unwrap_or_default()
    }

    /// The step in French: the claim, the command, the code behind it, the sight to expect.
    pub(super) fn text(&self) -> String {
        let Proof {
            criterion,
            claim,
            code,
            ..
        } = self.proof;
        let code = code.as_ref();
        let code = code.map_or_else(String::new, |code| format!("      le code : {code}\n"));

        format!(
            "    {criterion} {claim}\n      {}{}\n      à voir : {}\n{code}",
            self.action,
            self.took(),
            seen(self.proof)
        )
    }

    fn took(&self) -> String {
        self.seconds
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| format!(" ({seconds:.1} s)"))
            .unwrap_or_default()
    }
}

/// The command that runs a proof, or the place to open.
pub(super) fn action(root: &Path, proof: &Proof) -> String {
    match (&proof.subject, package::of(root, &proof.file)) {
        (Subject::Test(name), Some(package)) if proof.file.ends_with(".rs") => {
            format!("cargo test -p {} {name}", package.name)
        }
        (Subject::Command(line), _) => line.clone(),
        (Subject::Anchor(place), _) => format!("ouvrir {place}"),
        _ => format!("ouvrir {}:{}", proof.file, proof.line),
    }
}

/// The sight that the jury should have then.
pub(super) fn seen(proof: &Proof) -> String {
    match &proof.subject {
        Subject::Test(name) if proof.file.ends_with(".rs") => {
            format!("« test …{name} ... ok », et « 0 failed »")
        }
        Subject::Test(name) | Subject::Item(name) => name.clone(),
        Subject::Command(_) => "la commande se termine sans erreur".to_owned(),
        Subject::Anchor(_) => "la section dit ce qui est annoncé".to_owned(),
    }
}
