//! One service, measured on the set: kept in `data/triage/mesures.json`.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::cpu::cpu_seconds;
use super::protocol::{AskedTask, BenchmarkProtocol};
use super::score::{Pair, accuracy, macro_f1};
use super::set::LabelledText;
use crate::{TriageService, Triaged};

/// The category that says nothing is reported: as an abstention, it leaves the text to a person.
const OTHER: &str = "autre";

/// The measures of one service on the whole set of texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceFigures {
    /// Its name in `data/providers.toml`.
    pub service: String,
    /// The model that answered.
    pub model: String,
    /// Texts that it was given.
    pub texts: usize,
    /// By functional group asked for.
    pub tasks: BTreeMap<String, TaskFigures>,
    /// By group of texts.
    pub groups: BTreeMap<String, GroupFigures>,
    /// Failures, by reason.
    pub failures: BTreeMap<String, usize>,
    /// Tokens read for a report, on average.
    pub prompt_tokens: f64,
    /// Tokens written for a report, on average.
    pub completion_tokens: f64,
    /// All that changes from one run to the next.
    pub timings: Timings,
}

/// The figures of a functional group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskFigures {
    /// Texts.
    pub texts: usize,
    /// Share of right answers.
    pub accuracy: f64,
    /// Macro-F1; equal to the accuracy where one label alone is right.
    pub macro_f1: f64,
}

/// The figures of a group of texts, on the category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// Texts.
    pub texts: usize,
    /// Share of right categories.
    pub accuracy: f64,
    /// Texts on which it abstained.
    pub abstained: usize,
    /// Texts on which it failed.
    pub failed: usize,
}

/// Durations of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    /// Median, in seconds.
    pub p50_seconds: f64,
    /// 95th centile, in seconds.
    pub p95_seconds: f64,
    /// Processor seconds of a report; `None` where the process is not ours.
    pub cpu_seconds: Option<f64>,
}

/// The answer to one text.
struct Answered<'a> {
    text: &'a LabelledText,
    end: Result<Triaged, &'static str>,
    seconds: f64,
}

/// Gives the texts to a service, one after the other. `pid` is its process, where it is ours.
pub async fn measure(
    service: &dyn TriageService,
    model: &str,
    texts: &[LabelledText],
    protocol: &BenchmarkProtocol,
    pid: Option<u32>,
) -> ServiceFigures {
    let cpu_before = pid.and_then(cpu_seconds);
    let mut answers = Vec::new();
    for text in texts {
        answers.push(answer(service, text).await);
    }
    let cpu = pid.and_then(cpu_seconds).zip(cpu_before);

    ServiceFigures {
        service: service.name().to_owned(),
        model: model.to_owned(),
        texts: texts.len(),
        tasks: tasks(&answers, protocol),
        groups: groups(&answers),
        failures: failures(&answers),
        prompt_tokens: mean(answers.iter().map(|answer| tokens(answer).0)),
        completion_tokens: mean(answers.iter().map(|answer| tokens(answer).1)),
        timings: Timings {
            p50_seconds: centile(&answers, 50),
            p95_seconds: centile(&answers, 95),
            cpu_seconds: cpu.map(|(after, before)| (after - before) / number(texts.len())),
        },
    }
}

async fn answer<'a>(service: &dyn TriageService, text: &'a LabelledText) -> Answered<'a> {
    let began = Instant::now();
    let end = service.triage(&text.text).await;

    Answered {
        text,
        end: end.map_err(|error| error.code()),
        seconds: began.elapsed().as_secs_f64(),
    }
}

impl Answered<'_> {
    fn category(&self) -> Pair<'_> {
        (self.text.category.as_deref(), self.given())
    }

    /// A failure is no abstention: its label is one that nobody has.
    fn given(&self) -> Option<&str> {
        match &self.end {
            Ok(triaged) => triaged.category.as_deref().filter(|name| *name != OTHER),
            Err(_) => Some("(échec)"),
        }
    }

    fn urgency(&self) -> Pair<'_> {
        let said = |urgent: bool| if urgent { "oui" } else { "non" };
        let given = self.end.as_ref().ok().and_then(|triaged| triaged.is_urgent);

        (Some(said(self.text.urgent)), given.map(said))
    }
}

fn tasks(answers: &[Answered<'_>], protocol: &BenchmarkProtocol) -> BTreeMap<String, TaskFigures> {
    let figures = |task: &AskedTask| {
        let asked = answers
            .iter()
            .filter(|answer| task.groups.contains(&answer.text.group));
        let pairs: Vec<Pair<'_>> = match task.name.as_str() {
            "urgence" => asked.map(Answered::urgency).collect(),
            _ => asked.map(Answered::category).collect(),
        };

        let figures = TaskFigures {
            texts: pairs.len(),
            accuracy: rounded(accuracy(&pairs)),
            macro_f1: rounded(macro_f1(&pairs)),
        };
        (task.name.clone(), figures)
    };

    protocol.tasks.iter().map(figures).collect()
}

fn groups(answers: &[Answered<'_>]) -> BTreeMap<String, GroupFigures> {
    let mut groups: BTreeMap<String, Vec<&Answered<'_>>> = BTreeMap::new();
    for answer in answers {
        groups
            .entry(answer.text.group.clone())
            .or_default()
            .push(answer);
    }

    groups
        .into_iter()
        .map(|(name, answers)| {
            let pairs: Vec<Pair<'_>> = answers.iter().map(|answer| answer.category()).collect();
            let count = |is: fn(&Answered<'_>) -> bool| answers.iter().filter(|a| is(a)).count();
            let figures = GroupFigures {
                texts: answers.len(),
                accuracy: rounded(accuracy(&pairs)),
                abstained: count(|answer| answer.given().is_none()),
                failed: count(|answer| answer.end.is_err()),
            };
            (name, figures)
        })
        .collect()
}

fn failures(answers: &[Answered<'_>]) -> BTreeMap<String, usize> {
    let mut failures = BTreeMap::new();
    for code in answers
        .iter()
        .filter_map(|answer| answer.end.as_ref().err())
    {
        *failures.entry((*code).to_owned()).or_default() += 1;
    }
    failures
}

fn tokens(answer: &Answered<'_>) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred tokens")]
    answer.end.as_ref().map_or((0.0, 0.0), |triaged| {
        (triaged.usage.prompt as f64, triaged.usage.completion as f64)
    })
}

/// Nearest-rank centile of the durations.
fn centile(answers: &[Answered<'_>], centile: usize) -> f64 {
    let mut seconds: Vec<f64> = answers.iter().map(|answer| answer.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    let rank = (seconds.len() * centile).div_ceil(100).max(1);

    seconds.get(rank - 1).copied().unwrap_or_default()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = number(values.len().max(1));

    // To a tenth: a token more or less says nothing.
    (values.sum::<f64>() / count * 10.0).round() / 10.0
}

/// To the thousandth, the finest that a few dozen texts can tell.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred texts")]
fn number(count: usize) -> f64 {
    count as f64
}
