//! Pipelines: steps that cannot fail, deliveries that print, jobs that never start.

use crate::corpus::Corpus;
use crate::model::{Finding, FindingKind};
use crate::workflow::{Command, Job, Step, StepKind, Workflow, commands};

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let mut found = Vec::new();

    for workflow in &corpus.workflows {
        found.extend(never_called(workflow));
        for job in &workflow.jobs {
            found.extend(never_starts(workflow, job));
            found.extend(only_prints(workflow, job));

            let steps = job.steps.iter();
            found.extend(steps.flat_map(|step| swallowed(&workflow.path, job, step)));
        }
    }

    found
}

fn never_called(workflow: &Workflow) -> Option<Finding> {
    let (_, line) = workflow
        .triggers
        .first()
        .filter(|_| workflow.is_never_called)?;
    let question = "Cette chaîne attend d'être appelée par une autre, et aucune ne l'appelle : quand démarre-t-elle ?";
    Some(Finding::new(
        FindingKind::JobTriggerNotDeclared,
        &workflow.path,
        *line,
        question,
    ))
}

fn never_starts(workflow: &Workflow, job: &Job) -> Option<Finding> {
    let event = workflow.never_starts(job)?;
    let question = format!(
        "Le travail « {} » attend « {event} », que le fichier ne déclare pas : quand démarre-t-il ?",
        job.name
    );
    Some(Finding::new(
        FindingKind::JobTriggerNotDeclared,
        &workflow.path,
        job.condition_line,
        question,
    ))
}

fn only_prints(workflow: &Workflow, job: &Job) -> Option<Finding> {
    let question = format!(
        "Dans « {} », la livraison n'affiche que du texte : qu'est-ce qui est réellement livré ?",
        job.name
    );
    job.only_prints_a_delivery().then(|| {
        Finding::new(
            FindingKind::DeploymentOnlyEchoes,
            &workflow.path,
            job.line,
            question,
        )
    })
}

/// The places where a step swallows its failure.
fn swallowed(path: &str, job: &Job, step: &Step) -> Vec<Finding> {
    let question = |how: &str| {
        format!(
            "Avec « {how} », cette étape de « {} » réussit toujours : comment la chaîne signale-t-elle un échec ?",
            job.name
        )
    };
    let places = swallowing_places(path, job, step).into_iter();
    places
        .map(|(line, how)| Finding::new(FindingKind::StepCannotFail, path, line, question(how)))
        .collect()
}

fn swallowing_places(path: &str, job: &Job, step: &Step) -> Vec<(usize, &'static str)> {
    let mut commands = commands(step);
    commands.retain(|command| command.kind != StepKind::Preparation);
    // After a failure that was told, there is none left to swallow.
    if commands.is_empty() || job.after_failure || step.after_failure {
        return Vec::new();
    }

    // A flag covers the whole step; in GitLab, the flag of a job is told at its step.
    let is_flagged = job.may_fail && !path.ends_with(".gitlab-ci.yml");
    match step.may_fail.or(is_flagged.then_some(job.line)) {
        Some(line) => vec![(line, "continue-on-error")],
        None => swallowed_commands(step, &commands),
    }
}

fn swallowed_commands(step: &Step, commands: &[Command]) -> Vec<(usize, &'static str)> {
    let lines: Vec<&str> = step.run.lines().collect();
    let lenient = lines.iter().position(|line| line.trim() == "set +e");
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    let end = last.filter(|last| {
        let line = lines[*last];
        line.trim() == "exit 0" && !line.starts_with("  ")
    });

    let place = |command: &Command| {
        let offset = command.line;
        let how = command
            .swallowed
            .filter(|how| *how != "|| echo" || is_check(command.kind))
            .map(|how| (offset, how));
        how.or_else(|| {
            let line = lines.get(offset)?.trim();
            let at_once = line.ends_with("; exit 0") || line.ends_with("; true");
            // `set +e` before the command, and a last line `exit 0` after it.
            let at_end = end.filter(|end| *end > offset && lenient.is_some_and(|at| at < offset));
            Some((at_once.then_some(offset).or(at_end)?, "exit 0"))
        })
    };
    let mut places: Vec<_> = commands
        .iter()
        .filter_map(place)
        .map(|(offset, how)| (step.run_line + offset, how))
        .collect();
    // A line is asked about once, whatever the number of its commands.
    places.dedup();
    places
}

/// True when the failure of a command is its answer: elsewhere a message in its place may do.
fn is_check(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Test | StepKind::Training | StepKind::Evaluation
    )
}
