//! Names that lead nowhere: a job that is not declared, one that no workflow plays, a file that is
//! not there, a filter that no file matches, an artifact that nobody left.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::super::declaration::{FILE, Jobs};
use super::super::workflow_file::WorkflowFile;
use super::each_step;
use crate::files;

/// The script that plays the jobs one after another on one machine.
const RUN: &str = ".ci/run";

/// Commands of a job that is not one of ours: they choose the jobs, and judge their results.
const AROUND: [&str; 2] = [".ci/affected", ".ci/verdict"];

pub(super) fn faults(root: &Path, jobs: &Jobs, workflows: &[WorkflowFile]) -> Result<Vec<String>> {
    let tree = files::listed(root, &[])?;
    let mut faults = undeclared(root, jobs, workflows)?;

    faults.extend(unplayed(jobs, workflows));
    for workflow in workflows {
        faults.extend(missing_files(workflow, &tree));
        faults.extend(missing_artifacts(workflow));
        faults.extend(empty_filters(root, workflow)?);
    }
    faults.extend(missing_of_jobs(root, jobs, &tree)?);
    Ok(faults)
}

/// Jobs that a workflow or `.ci/run` plays and nobody declared, and jobs that play none.
fn undeclared(root: &Path, jobs: &Jobs, workflows: &[WorkflowFile]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let is_declared = |name: &str| jobs.find(name).is_ok();

    for workflow in workflows {
        for (name, job) in &workflow.jobs {
            let played = job.played();
            let mut runs = job.steps.iter().filter_map(|step| step.run.as_deref());
            let is_around = runs.any(|run| AROUND.iter().any(|command| run.contains(command)));
            let place = format!("`{}`: job `{name}`", workflow.path);

            if played.len() != 1 && !is_around {
                faults.push(format!(
                    "{place} plays {} declared jobs, and should play one: `cargo xtask ci JOB`",
                    played.len()
                ));
            }
            let unknown = played.iter().filter(|name| !is_declared(name));
            faults.extend(
                unknown
                    .map(|job| format!("{place} plays `{job}`, which `{FILE}` does not declare")),
            );
        }
    }

    let script = files::read(root, RUN)?;
    let called = script.lines().filter_map(|line| line.strip_prefix("job "));
    let unknown = called.filter(|name| !is_declared(name));
    faults.extend(
        unknown.map(|job| format!("`{RUN}` plays `{job}`, which `{FILE}` does not declare")),
    );
    Ok(faults)
}

/// Declared jobs that no workflow plays.
fn unplayed(jobs: &Jobs, workflows: &[WorkflowFile]) -> Vec<String> {
    let played: BTreeSet<_> = workflows
        .iter()
        .flat_map(|workflow| workflow.jobs.values())
        .flat_map(|job| job.played())
        .collect();

    let silent = jobs
        .iter()
        .filter(|job| !played.contains(job.name.as_str()));
    silent
        .map(|job| format!("`{FILE}`: no workflow plays the job `{}`", job.name))
        .collect()
}

/// Files and folders of the repository that a step names and that are not there.
fn missing_files(workflow: &WorkflowFile, tree: &[String]) -> Vec<String> {
    each_step(workflow)
        .flat_map(|(_, step, place)| {
            let run = step.run.as_deref().unwrap_or_default();
            let mut named: Vec<_> = run.lines().flat_map(|line| words(line, tree)).collect();
            named.extend(step.working_directory.as_deref());
            // A local action is a folder with its description.
            let action = step
                .uses
                .as_deref()
                .and_then(|uses| uses.strip_prefix("./"));
            let action = action.map(|folder| format!("{folder}/action.yml"));

            let missing = named.into_iter().map(str::to_owned).chain(action);
            missing
                .filter(|path| !holds(tree, path))
                .map(move |path| format!("{place}: there is no `{path}`"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The same, in the steps of the declared jobs and in their filters.
fn missing_of_jobs(root: &Path, jobs: &Jobs, tree: &[String]) -> Result<Vec<String>> {
    let mut faults = Vec::new();

    for job in jobs.iter() {
        let place = format!("`{FILE}`: job `{}`", job.name);
        for step in job.steps.iter().chain(&job.small) {
            let line = step.join(" ");
            let program = step
                .first()
                .map(String::as_str)
                .filter(|program| program.contains('/'));
            let named = program.into_iter().chain(words(&line, tree));
            let missing: BTreeSet<_> = named.filter(|path| !holds(tree, path)).collect();
            faults.extend(
                missing
                    .iter()
                    .map(|path| format!("{place}: there is no `{path}`")),
            );
        }

        for filter in job
            .paths
            .iter()
            .filter(|filter| !filter.starts_with(":(exclude)"))
        {
            if files::listed(root, &[filter])?.is_empty() {
                faults.push(format!("{place}: no file matches `{filter}`"));
            }
        }
    }
    Ok(faults)
}

/// Filters of a trigger, and patterns of `hashFiles`, that match nothing.
fn empty_filters(root: &Path, workflow: &WorkflowFile) -> Result<Vec<String>> {
    let mut filters: Vec<String> = Vec::new();

    for event in workflow.on.values() {
        for key in ["paths", "paths-ignore"] {
            let listed = event[key].as_array().into_iter().flatten();
            filters.extend(listed.filter_map(Value::as_str).map(str::to_owned));
        }
    }
    for (_, step, _) in each_step(workflow) {
        let values = step.with.values().chain(step.env.values());
        filters.extend(values.flat_map(|value| hashed(&value.to_string())));
    }

    let mut faults = Vec::new();
    for filter in filters {
        let pattern = format!(":(glob){}", filter.trim_start_matches('!'));
        if files::listed(root, &[&pattern])?.is_empty() {
            faults.push(format!("`{}`: no file matches `{filter}`", workflow.path));
        }
    }
    Ok(faults)
}

/// The patterns of the calls of `hashFiles`.
fn hashed(text: &str) -> Vec<String> {
    let calls = text.split("hashFiles(").skip(1);
    let arguments = calls.filter_map(|rest| rest.split(')').next());

    arguments
        .flat_map(|arguments| arguments.split(','))
        .map(|argument| argument.trim().trim_matches('\'').to_owned())
        .collect()
}

/// Artifacts that a job takes and that no job before it leaves.
fn missing_artifacts(workflow: &WorkflowFile) -> Vec<String> {
    let named = |action: &str, job: &super::WorkflowJob| {
        let of_action = job.steps.iter().filter(|step| {
            step.uses
                .as_deref()
                .is_some_and(|uses| uses.starts_with(&format!("actions/{action}@")))
        });
        of_action
            .filter_map(|step| {
                step.with
                    .get("name")
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            })
            .collect::<Vec<_>>()
    };

    let mut faults = Vec::new();
    for (name, job) in &workflow.jobs {
        let before = before(workflow, name);
        let left: Vec<_> = before
            .iter()
            .filter_map(|name| workflow.jobs.get(*name))
            .flat_map(|job| named("upload-artifact", job))
            .collect();

        let missing = named("download-artifact", job)
            .into_iter()
            .filter(|taken| !left.contains(taken));
        faults.extend(missing.map(|taken| {
            format!(
                "`{}`: job `{name}` takes the artifact `{taken}`, which no job before it leaves",
                workflow.path
            )
        }));
    }
    faults
}

/// The jobs that come before another, whatever their number.
fn before<'a>(workflow: &'a WorkflowFile, name: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![name];

    while let Some(name) = waiting.pop() {
        let needed = workflow.jobs.get(name).map(|job| job.needs.names());
        for name in needed.into_iter().flatten() {
            if let Some((name, _)) = workflow.jobs.get_key_value(name)
                && found.insert(name.as_str())
            {
                waiting.push(name);
            }
        }
    }
    found
}

/// The words of a command that name a place of the repository: below one of its top folders, or
/// begun by `./`.
fn words<'a>(line: &'a str, tree: &'a [String]) -> impl Iterator<Item = &'a str> {
    let is_written = |word: &&str| !word.contains(['$', '{', '*', '~', '<', '>', '(', '=']);
    let words = line
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', ';', ',']));

    words.filter(is_written).filter_map(|word| {
        let is_here = word.strip_prefix("./");
        let path = is_here.unwrap_or(word).trim_end_matches('/');
        let (top, _) = path.split_once('/').unwrap_or((path, ""));
        let is_below = path.contains('/') && holds(tree, top);
        (is_below || (is_here.is_some() && !path.is_empty())).then_some(path)
    })
}

/// True for a file of the tree, and for a folder that holds one.
fn holds(tree: &[String], path: &str) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let folder = format!("{path}/");

    tree.iter()
        .any(|file| file == path || file.starts_with(&folder))
}
