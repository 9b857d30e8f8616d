//! GitLab CI.

use super::commands::{StepKind, commands};
use super::conditions::compared;
use super::model::{Job, Step, Workflow};
use crate::lexicon::PIPELINES;
use crate::limits::{NAME, SHARED_LINES, SHARING_JOBS};
use crate::yaml::Yaml;

/// The variable by which a condition names the events that it waits for.
const SOURCE: &str = "$CI_PIPELINE_SOURCE";

pub(super) fn read(path: &str, yaml: &Yaml) -> Workflow {
    let shared = shared_lines(yaml);
    let jobs = yaml
        .entries()
        .filter(|(name, job)| !PIPELINES.gitlab.reserved.has(name) && job.get("script").is_some())
        .enumerate()
        .map(|(index, (name, job))| {
            let shared = if index < SHARING_JOBS { shared } else { &[] };
            read_job(name, job, shared)
        });
    let mut workflow = Workflow::on_push(path, jobs.collect());

    let rules = yaml.get("workflow").and_then(|one| one.get("rules"));
    if let Some(rules) = rules {
        workflow.triggers = conditions(rules)
            .flat_map(|(text, line)| sources(text).map(move |one| (one.to_owned(), line)))
            .collect();
    }
    workflow
}

/// Lines that stand before every job without its own.
fn shared_lines(yaml: &Yaml) -> &[Yaml] {
    let default = yaml.get("default");
    let before = default
        .and_then(|default| default.get("before_script"))
        .or_else(|| yaml.get("before_script"));
    let lines = before.map(Yaml::items).unwrap_or_default();
    &lines[..lines.len().min(SHARED_LINES)]
}

fn read_job(name: &str, job: &Yaml, shared: &[Yaml]) -> Job {
    let flag = allowed_failure(job);
    let mut steps = steps(name, job, shared);

    // The flag is the job's: it is asked about once, at the first step that does something.
    let works = |step: &&mut Step| {
        commands(step)
            .iter()
            .any(|command| command.kind != StepKind::Preparation)
    };
    if let Some(step) = steps.iter_mut().find(works) {
        step.may_fail = flag;
    }

    let condition = job
        .get("rules")
        .into_iter()
        .flat_map(conditions)
        .find(|(text, _)| text.contains(SOURCE));
    let (condition, condition_line) = condition.unwrap_or(("", job.line));

    Job {
        condition: condition.to_owned(),
        condition_line,
        may_fail: flag.is_some(),
        after_failure: is_after_failure(job),
        ..Job::new(name, job.line, steps)
    }
}

/// The line by which a job may fail: its own, or the first of its rules when each of them says it.
fn allowed_failure(job: &Yaml) -> Option<usize> {
    let flag = |one: &Yaml| {
        let flag = one.get("allow_failure");
        flag.filter(|flag| flag.text() == "true")
            .map(|flag| flag.line)
    };
    let of_rules: Option<Vec<usize>> = starting_rules(job).map(flag).collect();

    flag(job).or_else(|| of_rules?.first().copied())
}

/// True when a job starts only once another one failed.
fn is_after_failure(job: &Yaml) -> bool {
    let when = |one: &Yaml| one.text_of("when") == "on_failure";
    let mut rules = starting_rules(job).peekable();

    // A rule without a word of its own takes the one of the job.
    let of_rule = |rule: &Yaml| {
        when(if rule.get("when").is_some() {
            rule
        } else {
            job
        })
    };
    if rules.peek().is_some() {
        rules.all(of_rule)
    } else {
        when(job)
    }
}

/// The rules of a job that may start it.
fn starting_rules(job: &Yaml) -> impl Iterator<Item = &Yaml> {
    let rules = job.items_of("rules").iter();
    rules.filter(|rule| rule.text_of("when") != "never")
}

/// The lines of a job, those that stand before every job first.
fn steps(name: &str, job: &Yaml, shared: &[Yaml]) -> Vec<Step> {
    let words = format!("{name} {}", job.text_of("stage"));
    let words: String = words.chars().take(NAME).collect();

    let before = job.get("before_script").map_or(shared, Yaml::items);
    before
        .iter()
        .chain(job.items_of("script"))
        .map(|line| Step {
            name: words.clone(),
            ..Step::new(line, Some(line))
        })
        .collect()
}

fn conditions(rules: &Yaml) -> impl Iterator<Item = (&str, usize)> {
    rules
        .items()
        .iter()
        .filter_map(|rule| rule.get("if"))
        .map(|condition| (condition.text(), condition.line))
}

/// The sources of a condition; one on a branch is a push, one on a tag too.
fn sources(condition: &str) -> impl Iterator<Item = &str> {
    // A condition on no source waits for a push.
    let named = compared(condition, SOURCE);
    named.chain((!condition.contains(SOURCE)).then_some("push"))
}
