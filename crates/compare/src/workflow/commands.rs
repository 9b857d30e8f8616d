//! The work of a command: tests, training, packaging, delivery, or only words.

use super::model::Step;
use crate::fact::FactKind;
use crate::lexicon::PIPELINES;

/// The work of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    Preparation,
    Test,
    Lint,
    Training,
    Evaluation,
    DataCheck,
    Packaging,
    Delivery,
    /// Runs a program of the submission, named in the command.
    Program,
}

/// A command that does some work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Command<'step> {
    /// Index of its line in the text of the step.
    pub(crate) line: usize,
    pub(crate) text: &'step str,
    /// The words by which its failure is swallowed, or that of a command that it leads to.
    pub(crate) swallowed: Option<&'static str>,
    pub(crate) kind: StepKind,
}

/// The commands of a step, in the order of its text; an action is one without a text.
pub(crate) fn commands(step: &Step) -> Vec<Command<'_>> {
    if step.run.is_empty() {
        let action = action_kind(&step.uses).map(|kind| Command {
            line: 0,
            text: "",
            swallowed: None,
            kind,
        });
        return action.into_iter().collect();
    }

    let lines = step.run.lines().enumerate();
    lines
        .flat_map(|(index, line)| commands_of_line(index, line))
        .collect()
}

/// `pip install x && pytest; ruff .`: two statements, the first of two commands.
fn commands_of_line(index: usize, line: &str) -> impl Iterator<Item = Command<'_>> {
    split(line, ";").into_iter().flat_map(move |statement| {
        let swallowed = swallows(statement);
        let texts = split(statement, "&&").into_iter();
        texts.filter_map(move |text| {
            Some(Command {
                line: index,
                text,
                swallowed,
                kind: command_kind(text)?,
            })
        })
    })
}

/// The parts of a line between these marks, those inside quotes aside. A comment is one part.
fn split<'line>(line: &'line str, mark: &str) -> Vec<&'line str> {
    if line.trim_start().starts_with('#') {
        return vec![line];
    }
    let (mut parts, mut begin, mut quote) = (Vec::new(), 0, None);

    for (at, letter) in line.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if ['"', '\''].contains(&letter) => quote = Some(letter),
            None if at >= begin && line[at..].starts_with(mark) => {
                parts.push(&line[begin..at]);
                begin = at + mark.len();
            }
            None => {}
        }
    }
    parts.push(&line[begin..]);
    parts
}

/// The work of the text of a script beside preparing: each kind once, in the order of its lines.
pub(crate) fn script_kinds(script: &str) -> Vec<StepKind> {
    let mut found = Vec::new();

    let commands = script.lines().flat_map(|line| commands_of_line(0, line));
    for kind in commands.map(|command| command.kind) {
        let is_work = !matches!(
            kind,
            StepKind::Preparation | StepKind::Lint | StepKind::Program
        );
        if is_work && !found.contains(&kind) {
            found.push(kind);
        }
    }

    found
}

fn action_kind(uses: &str) -> Option<StepKind> {
    let words = &PIPELINES.actions;
    let kinds = [
        (&words.packages, StepKind::Packaging),
        (&words.deliveries, StepKind::Delivery),
        (&words.preparations, StepKind::Preparation),
    ];
    let found = kinds.into_iter().find(|(words, _)| words.any_in(uses));
    found.map(|(_, kind)| kind)
}

fn command_kind(line: &str) -> Option<StepKind> {
    // `then pytest` is a command inside a condition.
    let within = ["then ", "else ", "do ", "("];
    let line = line.trim();
    let line = within
        .iter()
        .find_map(|word| line.strip_prefix(word))
        .unwrap_or(line);
    if line.is_empty() || line.starts_with('#') || PIPELINES.commands.prints.any_starts(line) {
        return None;
    }

    let line = without_options(line);
    kind_by_words(&line)
        // A known tool wins over the name of the script that it is given.
        .or_else(|| program(&line).map(kind_of_program))
        .or_else(|| kind_by_tool(&line))
}

/// The kind of a command by its words; the order decides where two lists have one.
fn kind_by_words(line: &str) -> Option<StepKind> {
    let words = &PIPELINES.commands;
    let tests =
        words.tests.any_in(line) && !line.contains("--version") && !line.contains("--collect-only");
    let packages =
        words.packages.any_in(line) || (line.contains("compose up") && line.contains("--build"));

    let kinds = [
        (words.preparations.any_in(line), StepKind::Preparation),
        (tests, StepKind::Test),
        (words.deliveries.any_in(line), StepKind::Delivery),
        (packages, StepKind::Packaging),
        (words.lints.any_in(line), StepKind::Lint),
    ];
    first(kinds)
}

/// The kind of a program of the submission, by its name.
fn kind_of_program(program: &str) -> StepKind {
    let name = program.to_ascii_lowercase();
    let words = &PIPELINES.scripts;

    let kinds = [
        (words.tests.any_in(&name), StepKind::Test),
        (words.trainings.any_in(&name), StepKind::Training),
        (words.data_checks.any_in(&name), StepKind::DataCheck),
        (words.evaluations.any_in(&name), StepKind::Evaluation),
    ];
    first(kinds).unwrap_or(StepKind::Program)
}

/// The kind of a command that runs a tool on the submission.
fn kind_by_tool(line: &str) -> Option<StepKind> {
    let words = &PIPELINES.commands;
    first([
        (words.trainings.any_in(line), StepKind::Training),
        (words.data_checks.any_in(line), StepKind::DataCheck),
    ])
}

fn first<const N: usize>(kinds: [(bool, StepKind); N]) -> Option<StepKind> {
    let found = kinds.into_iter().find(|(is_one, _)| *is_one);
    found.map(|(_, kind)| kind)
}

/// A command of Docker Compose without the files that it names before its verb: `docker compose -f
/// a.yml build`.
fn without_options(line: &str) -> String {
    if !line.contains("compose ") {
        return line.to_owned();
    }

    let mut words = Vec::new();
    let mut rest = line.split_whitespace();
    while let Some(word) = rest.next() {
        match word {
            "-f" | "--file" | "--env-file" | "-p" | "--project-name" | "--profile" => {
                rest.next();
            }
            _ => words.push(word),
        }
    }
    words.join(" ")
}

/// The program of the submission that a command runs: `python scripts/train.py`, `python -m
/// ml.train`, `bash x.sh`.
pub(crate) fn program(line: &str) -> Option<&str> {
    let is_prefix = |word: &&str| {
        word.contains('=') || word.starts_with('-') || PIPELINES.scripts.prefixes.has(word)
    };
    let mut words = line.split_whitespace().skip_while(is_prefix);
    let runner = words.next()?;

    if runner.starts_with("./") {
        return Some(runner);
    }
    if !PIPELINES.scripts.runners.has(runner) {
        return None;
    }
    words
        .find(|word| !word.starts_with('-'))
        .filter(|word| !word.starts_with(['"', '\'']))
}

/// True when a line only prints: its words are no work.
fn prints(line: &str) -> bool {
    PIPELINES.commands.prints.any_starts(line) && !line.contains("&& ")
}

/// True when the text of a step has no other command than printing and waiting.
pub(crate) fn is_only_print(run: &str) -> bool {
    let words = &PIPELINES.commands;
    let mut lines = run
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .peekable();

    lines.peek().is_some()
        && lines
            .all(|line| prints(line) || words.idle.has(line) || words.idle_starts.any_starts(line))
}

/// The words by which a line swallows its failure.
fn swallows(line: &str) -> Option<&'static str> {
    let line = line.trim();
    let after = line.split_once("||").map(|(_, after)| after.trim());

    match after {
        Some(after) if after.starts_with("true") || after.starts_with(':') => Some("|| true"),
        Some(after) if after.starts_with("exit 0") => Some("|| exit 0"),
        Some(after) if after.starts_with("echo") && !after.contains("exit 1") => Some("|| echo"),
        // flake8 is asked so for a report of style, after a run that does fail.
        _ if line.contains("--exit-zero") && !line.contains("flake8") => Some("--exit-zero"),
        _ => None,
    }
}

impl StepKind {
    /// The facts of a command, given the words of its job and step.
    pub(crate) fn facts(self, words: &str, line: &str) -> Vec<(FactKind, &'static str)> {
        let words = format!("{words} {line}").to_ascii_lowercase();
        match self {
            Self::Test => test_facts(&words),
            Self::Program => program_fact(&words).into_iter().collect(),
            _ => self.fact().into_iter().collect(),
        }
    }

    /// The fact of a command whatever the words around it.
    fn fact(self) -> Option<(FactKind, &'static str)> {
        Some(match self {
            Self::Preparation => (FactKind::JobPreparation, "étape préalable aux tests"),
            Self::Lint => (FactKind::JobPreparation, "contrôle du code"),
            Self::Training => TRAINING,
            Self::Evaluation => VALIDATION,
            Self::DataCheck => (FactKind::JobDataTest, "contrôle des données dans la chaîne"),
            Self::Packaging => (FactKind::JobPackaging, "empaquetage"),
            Self::Delivery => (FactKind::JobDelivery, "livraison"),
            Self::Test | Self::Program => return None,
        })
    }
}

const TRAINING: (FactKind, &str) = (FactKind::JobTraining, "entraînement dans la chaîne");
const VALIDATION: (FactKind, &str) = (
    FactKind::JobValidation,
    "évaluation ou validation dans la chaîne",
);

/// The fact of a program whose name says nothing, by the words of its job and step.
fn program_fact(words: &str) -> Option<(FactKind, &'static str)> {
    if PIPELINES.words.training.any_in(words) {
        Some(TRAINING)
    } else {
        let evaluates = PIPELINES.words.evaluation.any_in(words);
        evaluates.then_some(VALIDATION)
    }
}

/// The facts of a command that tests, by the words on the things it tests.
fn test_facts(words: &str) -> Vec<(FactKind, &'static str)> {
    let about = &PIPELINES.words;
    let facts = [
        (true, FactKind::JobTest, "tests lancés par la chaîne"),
        (
            about.data.any_in(words),
            FactKind::JobDataTest,
            "tests des données dans la chaîne",
        ),
        (
            about.model.any_in(words),
            FactKind::JobModelTest,
            "tests du modèle dans la chaîne",
        ),
        (
            words.contains("--cov"),
            FactKind::CoverageTool,
            "couverture mesurée dans la chaîne",
        ),
    ];

    facts
        .into_iter()
        .filter(|(is_about, ..)| *is_about)
        .map(|(_, kind, what)| (kind, what))
        .collect()
}
