//! Azure Pipelines: stages of jobs, jobs of steps, or steps alone.

use super::model::{Job, Step, Workflow};
use crate::lexicon::PIPELINES;
use crate::yaml::Yaml;

pub(super) fn read(path: &str, yaml: &Yaml) -> Workflow {
    let mut jobs = Vec::new();
    collect_jobs(
        yaml,
        &Job::new("pipeline", yaml.line, Vec::new()),
        &mut jobs,
    );

    Workflow {
        triggers: triggers(yaml),
        ..Workflow::on_push(path, jobs)
    }
}

fn triggers(yaml: &Yaml) -> Vec<(String, usize)> {
    let events = [
        ("trigger", "push"),
        ("pr", "pull_request"),
        ("schedules", "schedule"),
    ];
    let mut triggers: Vec<(String, usize)> = events
        .iter()
        .filter_map(|(key, event)| Some((event, yaml.get(key)?)))
        // `trigger: none` turns an event off.
        .filter(|(_, value)| value.text() != "none")
        .map(|(event, value)| ((*event).to_owned(), value.line))
        .collect();

    // Without a trigger of its own, Azure starts a pipeline at every push.
    if yaml.get("trigger").is_none() {
        triggers.push(("push".to_owned(), 1));
    }
    triggers
}

/// Adds the jobs of a part of a pipeline, which have the name and the condition of the part that
/// they stand in.
fn collect_jobs(yaml: &Yaml, part: &Job, jobs: &mut Vec<Job>) {
    if let Some(steps) = yaml.get("steps") {
        let steps = steps.items().iter().map(read_step).collect();
        jobs.push(Job {
            after_failure: part.after_failure,
            ..Job::new(&part.name, yaml.line, steps)
        });
    }

    let parts = ["stages", "jobs"].iter().flat_map(|key| yaml.items_of(key));
    for yaml in parts {
        let own = ["job", "deployment", "stage"]
            .iter()
            .map(|key| yaml.text_of(key))
            .find(|name| !name.is_empty());
        let inside = Job {
            after_failure: part.after_failure || is_after_failure(yaml),
            ..Job::new(own.unwrap_or(&part.name), yaml.line, Vec::new())
        };
        collect_jobs(yaml, &inside, jobs);
    }

    let deployed = yaml
        .get("strategy")
        .and_then(|strategy| strategy.get("runOnce")?.get("deploy"));
    if let Some(deploy) = deployed {
        collect_jobs(deploy, part, jobs);
    }
}

/// True when a stage, a job or a step starts only once another one failed.
fn is_after_failure(part: &Yaml) -> bool {
    // `succeededOrFailed()` has a capital.
    part.text_of("condition").contains("failed()")
}

fn read_step(step: &Yaml) -> Step {
    let run = ["script", "bash", "pwsh", "powershell"]
        .iter()
        .find_map(|key| step.get(key));
    let inputs = step.get("inputs");
    let inline = inputs.and_then(|one| one.get("inlineScript").or_else(|| one.get("script")));
    let flag = step.get("continueOnError");

    Step {
        name: step.text_of("displayName").to_owned(),
        after_failure: is_after_failure(step),
        uses: action(step.text_of("task"), inputs),
        may_fail: flag
            .filter(|flag| flag.text() == "true")
            .map(|flag| flag.line),
        ..Step::new(step, run.or(inline))
    }
}

/// The action of GitHub that does the work of a task of Azure.
fn action(task: &str, inputs: Option<&Yaml>) -> String {
    let task = task.to_ascii_lowercase();
    let command = inputs.map_or("", |inputs| inputs.text_of("command"));

    if task.starts_with("docker@") && ["buildAndPush", "build"].contains(&command) {
        "build-push-action".to_owned()
    } else if PIPELINES.actions.azure_deliveries.any_starts(&task) {
        "webapps-deploy".to_owned()
    } else {
        task.replace("usepythonversion", "setup-python")
            .replace("nodetool", "setup-node")
    }
}
