//! GitHub Actions, and the forges that read the same files.

use std::collections::BTreeSet;

use super::conditions::{is_after_failure, watched};
use super::model::{Job, Step, Watched, Workflow};
use crate::limits::NAME;
use crate::yaml::{Value, Yaml};

pub(super) fn read(path: &str, yaml: &Yaml) -> Workflow {
    // YAML 1.1 reads `on` as a boolean; the text of the key is kept here.
    let on = yaml.get("on").or_else(|| yaml.get("true"));
    let push = on.and_then(|on| on.get("push"));
    let branches = push
        .map(|push| push.items_of("branches"))
        .unwrap_or_default();
    let jobs = || yaml.get("jobs").into_iter().flat_map(Yaml::entries);
    let mut read: Vec<Job> = jobs().map(|(name, job)| read_job(name, job)).collect();
    settle_watched(&mut read);

    Workflow {
        path: path.to_owned(),
        triggers: on.map(triggers).unwrap_or_default(),
        jobs: read,
        branches: branches.iter().map(|one| one.text().to_owned()).collect(),
        starts_on_tags: push.is_none_or(starts_on_tags),
        calls: jobs()
            // Only files of the same tree may be called by their path.
            .filter_map(|(_, job)| job.text_of("uses").strip_prefix("./"))
            .map(str::to_owned)
            .collect(),
        is_never_called: false,
    }
}

fn triggers(on: &Yaml) -> Vec<(String, usize)> {
    match &on.value {
        Value::Map(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), value.line))
            .collect(),
        _ => on
            .items()
            .iter()
            .map(|item| (item.text().to_owned(), item.line))
            .collect(),
    }
}

/// A push limited to branches or paths leaves tags out, unless it names some.
fn starts_on_tags(push: &Yaml) -> bool {
    let has = |key: &str| push.get(key).is_some();
    has("tags") || !(has("branches") || has("paths"))
}

fn read_job(name: &str, job: &Yaml) -> Job {
    let steps = job.items_of("steps").iter().map(read_step).collect();
    Job {
        condition: job.text_of("if").to_owned(),
        condition_line: job.get("if").map_or(job.line, |condition| condition.line),
        may_fail: job.is_true("continue-on-error"),
        after_failure: is_after_failure(job.text_of("if")),
        ..Job::new(name, job.line, steps)
    }
}

fn read_step(step: &Yaml) -> Step {
    let flag = step.get("continue-on-error");
    Step {
        name: step.text_of("name").chars().take(NAME).collect(),
        id: step.text_of("id").to_owned(),
        after_failure: is_after_failure(step.text_of("if")),
        watches: watches(step),
        uses: step.text_of("uses").to_owned(),
        may_fail: flag
            .filter(|flag| flag.text() == "true")
            .map(|flag| flag.line),
        ..Step::new(step, step.get("run"))
    }
}

/// The failures that a step acts on, by its condition, its text or its variables.
fn watches(step: &Yaml) -> Vec<Watched> {
    let variables = step.get("env").into_iter().flat_map(Yaml::entries);
    let texts = [step.text_of("if"), step.text_of("run")]
        .into_iter()
        .chain(variables.map(|(_, value)| value.text()));
    texts.flat_map(watched).collect()
}

/// A failure that another step or job acts on is no swallowed one, though the step goes on.
fn settle_watched(jobs: &mut [Job]) {
    let by_jobs = jobs.iter().flat_map(|job| {
        let steps = job.steps.iter().flat_map(|step| step.watches.clone());
        steps.chain(watched(&job.condition))
    });
    let jobs_watched: BTreeSet<String> = by_jobs.filter_map(|one| one.job()).collect();

    for job in jobs {
        let watches = job.steps.iter().flat_map(|step| step.watches.clone());
        let steps: BTreeSet<String> = watches.filter_map(|one| one.step()).collect();
        job.may_fail &= !jobs_watched.contains(&job.name);
        for step in job.steps.iter_mut().filter(|step| steps.contains(&step.id)) {
            step.may_fail = None;
        }
    }
}

impl Watched {
    fn job(self) -> Option<String> {
        match self {
            Self::Job(id) => Some(id),
            Self::Step(_) => None,
        }
    }

    fn step(self) -> Option<String> {
        match self {
            Self::Step(id) => Some(id),
            Self::Job(_) => None,
        }
    }
}
