//! What is wrong in the workflows and the declared jobs, beyond what the linters of others see: a
//! step that cannot fail, a condition on a trigger that is not declared, a name that leads nowhere,
//! a figure of a quality gate that is not that of `gates.toml`.

mod gate_figures;
mod names;
mod steps;
mod triggers;

use std::path::Path;

use anyhow::Result;

use super::declaration::Jobs;
use super::workflow_file::{WorkflowFile, WorkflowJob, WorkflowStep};

/// One sentence for each fault, with its file and its job.
pub(super) fn of(root: &Path, jobs: &Jobs, workflows: &[WorkflowFile]) -> Result<Vec<String>> {
    let mut faults = Vec::new();

    for workflow in workflows {
        faults.extend(bounds(workflow));
        faults.extend(steps::faults(workflow));
        faults.extend(triggers::faults(workflow)?);
    }
    faults.extend(names::faults(root, jobs, workflows)?);
    faults.extend(gate_figures::faults(root)?);

    Ok(faults)
}

/// Rights and times that nobody bounded.
fn bounds(workflow: &WorkflowFile) -> Vec<String> {
    let path = &workflow.path;
    let mut faults = Vec::new();

    let has_none = workflow.permissions.as_ref();
    if has_none
        .and_then(|value| value.as_object())
        .is_none_or(|rights| !rights.is_empty())
    {
        faults.push(format!(
            "`{path}`: the top has no `permissions: {{}}`; each job asks for its own rights"
        ));
    }
    if workflow.concurrency.is_none() {
        faults.push(format!("`{path}`: there is no `concurrency`"));
    }

    for (name, job) in &workflow.jobs {
        if job.timeout_minutes.is_none() {
            faults.push(format!("`{path}`: job `{name}` has no `timeout-minutes`"));
        }
        if job.permissions.is_none() {
            faults.push(format!(
                "`{path}`: job `{name}` does not say its `permissions`"
            ));
        }
    }
    faults
}

/// The place of a step, for a sentence: its name, else its number from 1.
fn place(workflow: &WorkflowFile, job: &str, index: usize, step: &WorkflowStep) -> String {
    let own = step.name.as_ref();
    let step = own.map_or(format!("step {}", index + 1), |name| {
        format!("step « {name} »")
    });

    format!("`{}`: job `{job}`, {step}", workflow.path)
}

/// Each step of a workflow, with its job and its place.
fn each_step(
    workflow: &WorkflowFile,
) -> impl Iterator<Item = (&WorkflowJob, &WorkflowStep, String)> {
    workflow.jobs.iter().flat_map(move |(name, job)| {
        let steps = job.steps.iter().enumerate();
        steps.map(move |(index, step)| (job, step, place(workflow, name, index, step)))
    })
}

#[cfg(test)]
mod tests;
