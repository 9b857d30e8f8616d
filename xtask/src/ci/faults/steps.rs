//! Steps that cannot fail, and jobs that run after a failure.

use super::super::workflow_file::{WorkflowFile, WorkflowStep};
use super::each_step;

/// Ends of a command that hide its failure.
const HIDING: [&str; 7] = [
    "|| true",
    "|| :",
    "|| echo",
    "|| printf",
    "|| exit 0",
    "; true",
    "set +e",
];

/// Programs whose success shows nothing.
const ALWAYS_GREEN: [&str; 5] = ["echo", "printf", "true", ":", "exit 0"];

/// Jobs that may run whatever happened before: they read the results of those before them.
const JUDGE: &str = ".ci/verdict";

pub(super) fn faults(workflow: &WorkflowFile) -> Vec<String> {
    let shell = workflow.defaults.pointer("/run/shell");
    let is_bash = shell.and_then(|shell| shell.as_str()) == Some("bash");

    let of_steps = each_step(workflow).filter_map(|(_, step, place)| {
        let what = fault(step, is_bash)?;
        Some(format!("{place}: {what}"))
    });
    of_steps.chain(of_jobs(workflow)).collect()
}

fn of_jobs(workflow: &WorkflowFile) -> Vec<String> {
    let mut faults = Vec::new();

    for (name, job) in &workflow.jobs {
        let place = format!("`{}`: job `{name}`", workflow.path);
        if job.continue_on_error.is_some() {
            faults.push(format!("{place}: `continue-on-error` hides its failure"));
        }

        let condition = job.condition.as_deref().unwrap_or_default();
        let ignores_failure = ["always()", "failure()", "!cancelled()"];
        let runs_anyway = ignores_failure.iter().any(|name| condition.contains(name));
        let commands = job.steps.iter().filter_map(|step| step.run.as_deref());
        let judges = commands.into_iter().any(|run| run.contains(JUDGE));
        if runs_anyway && !judges {
            faults.push(format!(
                "{place}: `if: {condition}` runs it after a failure, and it does not judge one"
            ));
        }
    }
    faults
}

/// The reason why a step cannot fail, or fails unseen.
fn fault(step: &WorkflowStep, bash_is_default: bool) -> Option<String> {
    if step.continue_on_error.is_some() {
        return Some("`continue-on-error` hides its failure".to_owned());
    }

    let run = step.run.as_deref()?;
    let words = run.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(end) = HIDING.iter().find(|end| words.contains(**end)) {
        return Some(format!("`{end}` hides a failure"));
    }

    let lines: Vec<_> = run
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.iter().all(|line| is_green(line)) {
        return Some("it only prints, and cannot fail".to_owned());
    }
    if lines.last() == Some(&"exit 0") {
        return Some("`exit 0` hides a failure".to_owned());
    }
    if let Some(line) = lines.iter().find(|line| is_swallowed(line)) {
        return Some(format!(
            "the failure of the command in `$(…)` is lost: `{line}`"
        ));
    }

    let is_bash = step
        .shell
        .as_deref()
        .map_or(bash_is_default, |shell| shell == "bash");
    let line = lines
        .iter()
        .find(|line| is_piped(line))
        .filter(|_| !is_bash)?;
    Some(format!(
        "without `shell: bash`, only the last command of a pipe can fail: `{line}`"
    ))
}

/// True for a line that prints and does nothing else. One that hands a value to the forge does.
fn is_green(line: &str) -> bool {
    let is_comment = line.starts_with('#');
    let prints = ALWAYS_GREEN
        .iter()
        .any(|program| line == *program || line.starts_with(&format!("{program} ")));

    is_comment || (prints && !line.contains("$GITHUB_") && !line.contains("${GITHUB_"))
}

/// True when the code of a command goes through `echo` or `export`, which always succeed.
fn is_swallowed(line: &str) -> bool {
    ["echo ", "printf ", "export "]
        .iter()
        .any(|start| line.starts_with(start))
        && line.contains("$(")
}

fn is_piped(line: &str) -> bool {
    line.replace("||", "").contains('|')
}
