//! CircleCI: jobs by name, each a list of steps.

use super::model::{Job, Step, Workflow};
use crate::yaml::{Value, Yaml};

pub(super) fn read(path: &str, yaml: &Yaml) -> Workflow {
    let jobs = yaml.get("jobs").into_iter().flat_map(Yaml::entries);
    let jobs = jobs.map(|(name, job)| {
        let steps = job.items_of("steps").iter().map(read_step).collect();
        Job::new(name, job.line, steps)
    });
    Workflow::on_push(path, jobs.collect())
}

/// `run: pytest`, or a mapping with a `command`.
fn read_step(step: &Yaml) -> Step {
    let run = step.get("run");
    let command = match run.map(|run| &run.value) {
        Some(Value::Map(_)) => run.and_then(|run| run.get("command")),
        _ => run,
    };

    Step {
        name: run.map_or("", |run| run.text_of("name")).to_owned(),
        after_failure: run.is_some_and(|run| run.text_of("when") == "on_fail"),
        ..Step::new(step, command)
    }
}
