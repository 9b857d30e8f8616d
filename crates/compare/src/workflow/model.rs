//! A pipeline, its jobs and their steps, whatever the forge.

use crate::limits::NAME;
use crate::yaml::Yaml;

/// A pipeline file.
#[derive(Debug, Default)]
pub(crate) struct Workflow {
    pub(crate) path: String,
    /// Events that start it, with their line.
    pub(crate) triggers: Vec<(String, usize)>,
    pub(crate) jobs: Vec<Job>,
    /// Branches that `push` is limited to; none when it is not.
    pub(crate) branches: Vec<String>,
    /// A pushed tag starts it.
    pub(crate) starts_on_tags: bool,
    /// Files of the pipelines that its jobs call.
    pub(crate) calls: Vec<String>,
    /// It waits to be called, and nothing of the tree calls it.
    pub(crate) is_never_called: bool,
}

/// A job of a pipeline.
#[derive(Debug, Default)]
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) condition: String,
    pub(crate) condition_line: usize,
    pub(crate) may_fail: bool,
    /// It starts only once another job failed, which the forge has told by then.
    pub(crate) after_failure: bool,
    pub(crate) steps: Vec<Step>,
}

/// A step of a job.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub(crate) name: String,
    /// The name by which other steps ask for its outcome.
    pub(super) id: String,
    pub(crate) line: usize,
    /// The shell text, one command a line.
    pub(crate) run: String,
    /// The line of the first line of `run`.
    pub(crate) run_line: usize,
    pub(crate) uses: String,
    /// Line of `continue-on-error: true`, if the step has it.
    pub(crate) may_fail: Option<usize>,
    /// It starts only once another step failed, and with it the job.
    pub(crate) after_failure: bool,
    /// Steps and jobs whose failure it acts on.
    pub(super) watches: Vec<Watched>,
}

/// A step or a job of GitHub whose failure another one acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Watched {
    Step(String),
    Job(String),
}

impl Workflow {
    /// A pipeline that every push starts.
    pub(super) fn on_push(path: &str, jobs: Vec<Job>) -> Self {
        Self {
            path: path.to_owned(),
            triggers: vec![("push".to_owned(), 1)],
            jobs,
            starts_on_tags: true,
            ..Self::default()
        }
    }

    /// Every step with its job.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (&Job, &Step)> {
        self.jobs
            .iter()
            .flat_map(|job| job.steps.iter().map(move |step| (job, step)))
    }

    pub(super) fn starts_on(&self, event: &str) -> bool {
        self.triggers.iter().any(|(trigger, _)| trigger == event)
    }
}

impl Job {
    pub(super) fn new(name: &str, line: usize, steps: Vec<Step>) -> Self {
        Self {
            name: name.chars().take(NAME).collect(),
            line,
            steps,
            ..Self::default()
        }
    }
}

impl Step {
    /// A step that runs the text of `run`, at the lines of its file.
    pub(super) fn new(step: &Yaml, run: Option<&Yaml>) -> Self {
        Self {
            line: step.line,
            run: run.map(Yaml::text).unwrap_or_default().to_owned(),
            run_line: run.map_or(step.line, first_line),
            ..Self::default()
        }
    }

    /// The line of the file where a command stands; that of the step when it is an action.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        if self.run.is_empty() {
            self.line
        } else {
            self.run_line + offset
        }
    }
}

/// The first line of a text: a block begins on the line below its key.
fn first_line(text: &Yaml) -> usize {
    text.line + usize::from(text.text().contains('\n'))
}
