//! Pipelines: GitHub Actions, GitLab CI and others, by job and by step.

mod azure;
mod circle;
mod commands;
mod conditions;
mod delivery;
mod github;
mod gitlab;
mod jenkins;
mod model;
mod starts;
#[cfg(test)]
mod tests;

pub(crate) use commands::{Command, StepKind, commands, program, script_kinds};
pub(crate) use jenkins::read as jenkins;
pub(crate) use model::{Job, Step, Workflow};

use std::collections::BTreeSet;

use crate::fact::{Fact, FactKind};
use crate::text::file_name;
use crate::yaml::Yaml;

/// True when a path is that of a pipeline.
pub(crate) fn is_workflow(path: &str) -> bool {
    path.contains(".github/workflows/")
        || path.contains(".gitea/workflows/")
        || path.contains(".forgejo/workflows/")
        || is_gitlab(path)
        || is_azure(path)
        || is_circle(path)
}

fn is_gitlab(path: &str) -> bool {
    path.ends_with(".gitlab-ci.yml")
}

fn is_azure(path: &str) -> bool {
    file_name(path).starts_with("azure-pipelines") || path.starts_with(".azure-pipelines/")
}

fn is_circle(path: &str) -> bool {
    path.ends_with(".circleci/config.yml")
}

/// Reads a pipeline file.
pub(crate) fn read(path: &str, yaml: &Yaml) -> Workflow {
    match path {
        _ if is_gitlab(path) => gitlab::read(path, yaml),
        _ if is_azure(path) => azure::read(path, yaml),
        _ if is_circle(path) => circle::read(path, yaml),
        _ => github::read(path, yaml),
    }
}

/// Marks the pipelines that wait for a call that never comes.
pub(crate) fn settle_calls(workflows: &mut [Workflow]) {
    let calls = workflows.iter().flat_map(|workflow| &workflow.calls);
    let called: BTreeSet<String> = calls.cloned().collect();

    for workflow in workflows {
        let mut events = workflow.triggers.iter().map(|(event, _)| event);
        let waits = !workflow.triggers.is_empty() && events.all(|event| event == "workflow_call");
        // A part of a larger repository names its files from its own root.
        let mut ends = std::iter::successors(Some(workflow.path.as_str()), |path| {
            path.split_once('/').map(|(_, below)| below)
        });
        workflow.is_never_called = waits && !ends.any(|end| called.contains(end));
    }
}

/// The work that a pipeline really does, each job and step by its commands.
pub(crate) fn facts(workflow: &Workflow) -> Vec<Fact> {
    let triggers = workflow.triggers.iter().map(|(event, line)| {
        let what = format!("déclencheur `{event}`");
        let fact = Fact::new(FactKind::JobTrigger, &workflow.path, *line, "", what);
        match workflow.is_never_called {
            true => fact.word(),
            false => fact.exercised(true),
        }
    });
    let steps = workflow
        .steps()
        .flat_map(|(job, step)| step_facts(workflow, job, step));
    let printed = workflow
        .jobs
        .iter()
        .filter(|job| job.only_prints_a_delivery())
        .map(|job| {
            let what = "livraison seulement affichée";
            job_fact(FactKind::JobDelivery, workflow, job, job.line, what).word()
        });

    triggers.chain(steps).chain(printed).collect()
}

fn step_facts(workflow: &Workflow, job: &Job, step: &Step) -> Vec<Fact> {
    // A job that never starts says the work it would do, and no more.
    let never_starts = workflow.is_never_called || workflow.never_starts(job).is_some();
    // A pipeline without a trigger may be run by hand, or never.
    let may_fail = job.may_fail || step.may_fail.is_some() || workflow.triggers.is_empty();
    let words = format!("{} {}", job.name, step.name);
    let mut facts = Vec::new();

    for command in commands(step) {
        let is_sure = !may_fail && command.swallowed.is_none();

        for (kind, what) in command.kind.facts(&words, command.text) {
            let fact = job_fact(kind, workflow, job, step.line_of(command.line), what);
            facts.push(match never_starts {
                true => fact.word(),
                false => fact.exercised(is_sure),
            });
        }
    }

    facts
}

/// A fact at a line of a job, which names the job.
pub(crate) fn job_fact(
    kind: FactKind,
    workflow: &Workflow,
    job: &Job,
    line: usize,
    what: &str,
) -> Fact {
    let what = format!("{what} (travail `{}`)", job.name);
    Fact::new(kind, &workflow.path, line, &job.name, what)
}
