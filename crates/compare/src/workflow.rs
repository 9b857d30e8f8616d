//! Pipelines: GitHub Actions, GitLab CI and others, by job and by step.

mod commands;
mod others;
#[cfg(test)]
mod tests;
mod triggers;

pub(super) use commands::{StepKind, is_only_print, script, script_kinds, step_kinds, swallows};
pub(super) use others::jenkins;

use super::fact::{Fact, FactKind};
use super::yaml::{Value, Yaml};

/// A pipeline file.
#[derive(Debug, Default)]
pub(super) struct Workflow {
    pub(super) path: String,
    /// Events that start it, with their line.
    pub(super) triggers: Vec<(String, usize)>,
    pub(super) jobs: Vec<Job>,
    /// Branches that `push` is limited to; none when it is not.
    pub(super) branches: Vec<String>,
    /// Whether a pushed tag starts it.
    pub(super) starts_on_tags: bool,
    /// Files of the pipelines that its jobs call.
    pub(super) calls: Vec<String>,
    /// Whether it waits to be called, and nothing of the tree calls it.
    pub(super) is_never_called: bool,
}

/// A job of a pipeline.
#[derive(Debug, Default)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) condition: String,
    pub(super) condition_line: usize,
    pub(super) may_fail: bool,
    pub(super) steps: Vec<Step>,
}

/// A step of a job.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) line: usize,
    /// The shell text, one command a line.
    pub(super) run: String,
    /// Where the first line of `run` stands.
    pub(super) run_line: usize,
    pub(super) uses: String,
    /// Line of `continue-on-error: true`, if the step has it.
    pub(super) may_fail: Option<usize>,
}

/// Whether a path is that of a pipeline.
pub(super) fn is_workflow(path: &str) -> bool {
    path.contains(".github/workflows/")
        || path.ends_with(".gitlab-ci.yml")
        || path.contains(".gitea/workflows/")
        || path.contains(".forgejo/workflows/")
        || is_azure(path)
        || path.ends_with(".circleci/config.yml")
}

fn is_azure(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("azure-pipelines") || path.starts_with(".azure-pipelines/")
}

/// Marks the pipelines that wait for a call that never comes.
pub(super) fn settle_calls(workflows: &mut [Workflow]) {
    let called: Vec<String> = workflows
        .iter()
        .flat_map(|workflow| workflow.calls.iter().cloned())
        .collect();

    for workflow in workflows {
        let waits = !workflow.triggers.is_empty()
            && workflow
                .triggers
                .iter()
                .all(|(event, _)| event == "workflow_call");

        workflow.is_never_called = waits
            && !called
                .iter()
                .any(|path| workflow.path.ends_with(path.as_str()));
    }
}

/// Reads a pipeline file.
pub(super) fn read(path: &str, yaml: &Yaml) -> Workflow {
    match path {
        _ if path.ends_with(".gitlab-ci.yml") => gitlab(path, yaml),
        _ if is_azure(path) => others::azure(path, yaml),
        _ if path.ends_with(".circleci/config.yml") => others::circle(path, yaml),
        _ => github(path, yaml),
    }
}

fn github(path: &str, yaml: &Yaml) -> Workflow {
    // YAML 1.1 reads `on` as a boolean; the text of the key is kept here.
    let on = yaml.get("on").or_else(|| yaml.get("true"));
    let triggers = on.map(|on| match &on.value {
        Value::Map(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), value.line))
            .collect(),
        _ => on
            .items()
            .iter()
            .map(|item| (item.text().to_owned(), item.line))
            .collect(),
    });

    let push = on.and_then(|on| on.get("push"));
    let branches = push
        .and_then(|push| push.get("branches"))
        .map(Yaml::items)
        .unwrap_or_default();
    let jobs = || yaml.get("jobs").into_iter().flat_map(Yaml::entries);
    let calls = jobs()
        .filter_map(|(_, job)| job.text_of("uses").strip_prefix("./"))
        .map(str::to_owned)
        .collect();

    let jobs = jobs().map(|(name, job)| Job {
        name: name.to_owned(),
        line: job.line,
        condition: job.text_of("if").to_owned(),
        condition_line: job.get("if").map_or(job.line, |condition| condition.line),
        may_fail: job.text_of("continue-on-error") == "true",
        steps: job
            .get("steps")
            .map(Yaml::items)
            .unwrap_or_default()
            .iter()
            .map(github_step)
            .collect(),
    });

    Workflow {
        path: path.to_owned(),
        triggers: triggers.unwrap_or_default(),
        jobs: jobs.collect(),
        branches: branches
            .iter()
            .map(|branch| branch.text().to_owned())
            .collect(),
        starts_on_tags: push.is_none_or(|push| {
            push.get("tags").is_some()
                || (push.get("branches").is_none() && push.get("paths").is_none())
        }),
        calls,
        is_never_called: false,
    }
}

fn github_step(step: &Yaml) -> Step {
    let run = step.get("run");
    let is_block = run.is_some_and(|run| run.text().contains('\n'));
    Step {
        name: step.text_of("name").to_owned(),
        line: step.line,
        run: run.map(Yaml::text).unwrap_or_default().to_owned(),
        run_line: run.map_or(step.line, |run| run.line + usize::from(is_block)),
        uses: step.text_of("uses").to_owned(),
        may_fail: step
            .get("continue-on-error")
            .filter(|flag| flag.text() == "true")
            .map(|flag| flag.line),
    }
}

fn gitlab(path: &str, yaml: &Yaml) -> Workflow {
    const RESERVED: [&str; 10] = [
        "stages",
        "variables",
        "image",
        "services",
        "before_script",
        "after_script",
        "cache",
        "include",
        "default",
        "workflow",
    ];

    let rules = yaml
        .get("workflow")
        .and_then(|workflow| workflow.get("rules"));
    let sources = rules.map(|rules| {
        conditions(rules)
            .flat_map(|(text, line)| sources_of(text).map(move |one| (one.to_owned(), line)))
    });

    let jobs = yaml
        .entries()
        .filter(|(name, job)| !RESERVED.contains(name) && job.get("script").is_some());

    Workflow {
        path: path.to_owned(),
        triggers: sources.map_or_else(|| vec![("push".to_owned(), 1)], Iterator::collect),
        jobs: jobs
            .map(|(name, job)| gitlab_job(name, job, yaml))
            .collect(),
        starts_on_tags: true,
        ..Workflow::default()
    }
}

fn gitlab_job(name: &str, job: &Yaml, yaml: &Yaml) -> Job {
    let before = yaml
        .get("default")
        .and_then(|default| default.get("before_script"))
        .or_else(|| yaml.get("before_script"));
    let before = job
        .get("before_script")
        .or(before)
        .map(Yaml::items)
        .unwrap_or_default();

    let lines = before
        .iter()
        .chain(job.get("script").map(Yaml::items).unwrap_or_default());
    let flag = job
        .get("allow_failure")
        .filter(|flag| flag.text() == "true")
        .map(|flag| flag.line);

    let steps = lines.map(|line| Step {
        name: format!("{name} {}", job.text_of("stage")),
        line: line.line,
        run: line.text().to_owned(),
        run_line: line.line + usize::from(line.text().contains('\n')),
        ..Step::default()
    });

    let mut steps: Vec<Step> = steps.collect();
    if let Some(step) = steps.iter_mut().find(|step| {
        step_kinds(step)
            .iter()
            .any(|(_, kind)| *kind != StepKind::Preparation)
    }) {
        step.may_fail = flag;
    }

    let condition = job
        .get("rules")
        .into_iter()
        .flat_map(conditions)
        .find(|(text, _)| text.contains("$CI_PIPELINE_SOURCE"));
    let (condition, condition_line) = condition
        .map_or((String::new(), job.line), |(text, line)| {
            (text.to_owned(), line)
        });

    Job {
        name: name.to_owned(),
        line: job.line,
        condition,
        condition_line,
        may_fail: flag.is_some(),
        steps,
    }
}

fn conditions(rules: &Yaml) -> impl Iterator<Item = (&str, usize)> {
    rules
        .items()
        .iter()
        .filter_map(|rule| rule.get("if"))
        .map(|condition| (condition.text(), condition.line))
}

/// The sources of a GitLab condition; one on a branch is a push, one on a tag too.
fn sources_of(condition: &str) -> impl Iterator<Item = &str> {
    let named = triggers::compared(condition, "$CI_PIPELINE_SOURCE");
    named.chain((!condition.contains("$CI_PIPELINE_SOURCE")).then_some("push"))
}

impl Workflow {
    /// What the pipeline really does, each job and step for what its commands are.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();

        for (trigger, line) in &self.triggers {
            let fact = Fact::new(
                FactKind::JobTrigger,
                &self.path,
                *line,
                "",
                format!("déclencheur `{trigger}`"),
            );

            facts.push(if self.is_never_called {
                fact.word()
            } else {
                fact.exercised()
            });
        }

        for (job, step) in self.steps() {
            let never = self.is_never_called || self.never_starts(job).is_some();
            let swallowed = job.may_fail || step.may_fail.is_some();

            for (offset, found) in step_kinds(step) {
                let line = if step.run.is_empty() {
                    step.line
                } else {
                    step.run_line + offset
                };

                let lost = swallowed
                    || step
                        .run
                        .lines()
                        .nth(offset)
                        .is_some_and(|line| swallows(line).is_some());

                for (kind, what) in found.facts(
                    &format!("{} {}", job.name, step.name),
                    step.run.lines().nth(offset).unwrap_or(""),
                ) {
                    let fact = Fact::new(
                        kind,
                        &self.path,
                        line,
                        &job.name,
                        format!("{what} (travail `{}`)", job.name),
                    );

                    facts.push(match (never, lost || self.triggers.is_empty()) {
                        (true, _) => fact.word(),
                        (false, true) => fact,
                        (false, false) => fact.exercised(),
                    });
                }
            }
        }

        facts.extend(
            self.jobs
                .iter()
                .filter(|job| job.only_prints_a_delivery())
                .map(|job| {
                    let what = format!("livraison seulement affichée (travail `{}`)", job.name);
                    Fact::new(FactKind::JobDelivery, &self.path, job.line, &job.name, what).word()
                }),
        );

        facts
    }

    /// Every step with its job.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&Job, &Step)> {
        self.jobs
            .iter()
            .flat_map(|job| job.steps.iter().map(move |step| (job, step)))
    }
}
