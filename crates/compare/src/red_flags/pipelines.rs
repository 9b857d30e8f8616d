//! Pipelines: steps that cannot fail, deliveries that print, jobs that never start.

use super::finding;
use crate::corpus::Corpus;
use crate::model::{Finding, FindingKind};
use crate::workflow::{Job, Step, StepKind, Workflow, step_kinds, swallows};

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let mut found = Vec::new();

    for workflow in &corpus.workflows {
        if let Some((_, line)) = workflow
            .triggers
            .first()
            .filter(|_| workflow.is_never_called)
        {
            let question = "Cette chaîne attend d'être appelée par une autre, et aucune ne l'appelle : quand démarre-t-elle ?";
            found.push(finding(
                FindingKind::JobTriggerNotDeclared,
                &workflow.path,
                *line,
                question,
            ));
        }
        for job in &workflow.jobs {
            job_findings(workflow, job, &mut found);
        }
    }

    found
}

fn job_findings(workflow: &Workflow, job: &Job, found: &mut Vec<Finding>) {
    let path = &workflow.path;

    if let Some(event) = workflow.never_starts(job) {
        let question = format!(
            "Le travail « {} » attend « {event} », que le fichier ne déclare pas : quand démarre-t-il ?",
            job.name
        );

        found.push(finding(
            FindingKind::JobTriggerNotDeclared,
            path,
            job.condition_line,
            question,
        ));
    }

    if job.only_prints_a_delivery() {
        let question = format!(
            "Dans « {} », la livraison n'affiche que du texte : qu'est-ce qui est réellement livré ?",
            job.name
        );

        found.push(finding(
            FindingKind::DeploymentOnlyEchoes,
            path,
            job.line,
            question,
        ));
    }

    for step in &job.steps {
        step_findings(path, job, step, found);
    }
}

fn step_findings(path: &str, job: &Job, step: &Step, found: &mut Vec<Finding>) {
    let kinds: Vec<(usize, StepKind)> = step_kinds(step)
        .into_iter()
        .filter(|(_, kind)| *kind != StepKind::Preparation)
        .collect();
    let question = |how: &str| {
        format!(
            "Avec « {how} », cette étape de « {} » réussit toujours : comment la chaîne signale-t-elle un échec ?",
            job.name
        )
    };
    if let Some(line) = step.may_fail.filter(|_| !kinds.is_empty()) {
        found.push(finding(
            FindingKind::StepCannotFail,
            path,
            line,
            question("continue-on-error"),
        ));
        return;
    }
    if job.may_fail && !kinds.is_empty() && !path.ends_with(".gitlab-ci.yml") {
        found.push(finding(
            FindingKind::StepCannotFail,
            path,
            job.line,
            question("continue-on-error"),
        ));
        return;
    }
    let lines: Vec<&str> = step.run.lines().collect();
    for (offset, kind) in &kinds {
        let line = lines.get(*offset).copied().unwrap_or("");
        if let Some(how) = swallows(line).filter(|how| {
            *how != "|| echo"
                || matches!(
                    kind,
                    StepKind::Test | StepKind::Training | StepKind::Evaluation
                )
        }) {
            found.push(finding(
                FindingKind::StepCannotFail,
                path,
                step.run_line + offset,
                question(how),
            ));
        } else if let Some(end) = always_ends_well(&lines, *offset) {
            found.push(finding(
                FindingKind::StepCannotFail,
                path,
                step.run_line + end,
                question("exit 0"),
            ));
        }
    }
}

/// `set +e` before, or `; exit 0` and a last line `exit 0` after, the command.
fn always_ends_well(lines: &[&str], offset: usize) -> Option<usize> {
    let line = lines.get(offset)?.trim();
    if line.ends_with("; exit 0") || line.ends_with("; true") {
        return Some(offset);
    }
    let last = lines.iter().rposition(|line| !line.trim().is_empty())?;
    let lenient = lines[..offset].iter().any(|line| line.trim() == "set +e");
    let ends = lines[last].trim() == "exit 0" && last > offset && !lines[last].starts_with("  ");
    (ends && lenient).then_some(last)
}
