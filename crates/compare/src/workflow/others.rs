//! Pipelines of Azure, CircleCI and Jenkins: their jobs in the words of the two others.

use super::{Job, Step, Workflow};
use crate::yaml::{Value, Yaml};

/// Azure Pipelines: stages of jobs, jobs of steps, or steps alone.
pub(super) fn azure(path: &str, yaml: &Yaml) -> Workflow {
    let mut jobs = Vec::new();
    collect(yaml, "pipeline", &mut jobs);
    let mut triggers: Vec<(String, usize)> = Vec::new();
    let is_off = |value: &Yaml| value.text() == "none";
    let named = [
        ("trigger", "push"),
        ("pr", "pull_request"),
        ("schedules", "schedule"),
    ];
    for (key, event) in named {
        if let Some(value) = yaml.get(key).filter(|value| !is_off(value)) {
            triggers.push((event.to_owned(), value.line));
        }
    }
    // Without a trigger of its own, Azure starts a pipeline at every push.
    if yaml.get("trigger").is_none() {
        triggers.push(("push".to_owned(), 1));
    }
    Workflow {
        path: path.to_owned(),
        triggers,
        jobs,
        branches: Vec::new(),
        starts_on_tags: true,
        ..Workflow::default()
    }
}

fn collect(yaml: &Yaml, name: &str, jobs: &mut Vec<Job>) {
    if let Some(steps) = yaml.get("steps") {
        let steps = steps.items().iter().map(azure_step).collect();
        jobs.push(Job {
            name: name.to_owned(),
            line: yaml.line,
            steps,
            ..Job::default()
        });
    }

    for key in ["stages", "jobs"] {
        for part in yaml.get(key).map(Yaml::items).unwrap_or_default() {
            let own = ["job", "deployment", "stage"]
                .iter()
                .map(|key| part.text_of(key))
                .find(|name| !name.is_empty());
            collect(part, own.unwrap_or(name), jobs);
        }
    }

    let deployed = yaml
        .get("strategy")
        .and_then(|strategy| strategy.get("runOnce")?.get("deploy"));
    if let Some(deploy) = deployed {
        collect(deploy, name, jobs);
    }
}

fn azure_step(step: &Yaml) -> Step {
    let run = ["script", "bash", "pwsh", "powershell"]
        .iter()
        .find_map(|key| step.get(key));
    let inputs = step.get("inputs");
    let inline =
        inputs.and_then(|inputs| inputs.get("inlineScript").or_else(|| inputs.get("script")));
    let command = inputs.map_or("", |inputs| inputs.text_of("command"));
    let uses = step.text_of("task").to_ascii_lowercase();
    let uses = match (uses.starts_with("docker@"), command) {
        (true, "buildAndPush" | "build") => "build-push-action".to_owned(),
        _ if [
            "azurewebapp",
            "azurerm",
            "azurecontainer",
            "kubernetes",
            "helm",
        ]
        .iter()
        .any(|one| uses.starts_with(one)) =>
        {
            "webapps-deploy".to_owned()
        }
        _ => uses
            .replace("usepythonversion", "setup-python")
            .replace("nodetool", "setup-node"),
    };
    shell(
        step,
        run.or(inline),
        step.text_of("displayName"),
        uses,
        step.get("continueOnError"),
    )
}

/// CircleCI: jobs by name, each a list of steps.
pub(super) fn circle(path: &str, yaml: &Yaml) -> Workflow {
    let jobs = yaml
        .get("jobs")
        .into_iter()
        .flat_map(Yaml::entries)
        .map(|(name, job)| Job {
            name: name.to_owned(),
            line: job.line,
            steps: job
                .get("steps")
                .map(Yaml::items)
                .unwrap_or_default()
                .iter()
                .map(circle_step)
                .collect(),
            ..Job::default()
        });

    Workflow {
        path: path.to_owned(),
        triggers: vec![("push".to_owned(), 1)],
        jobs: jobs.collect(),
        starts_on_tags: true,
        ..Workflow::default()
    }
}

fn circle_step(step: &Yaml) -> Step {
    let Some(run) = step.get("run") else {
        return Step {
            line: step.line,
            ..Step::default()
        };
    };
    let command = if matches!(run.value, Value::Map(_)) {
        run.get("command")
    } else {
        Some(run)
    };
    shell(step, command, run.text_of("name"), String::new(), None)
}

fn shell(
    step: &Yaml,
    run: Option<&Yaml>,
    name: &str,
    uses: String,
    may_fail: Option<&Yaml>,
) -> Step {
    let is_block = run.is_some_and(|run| run.text().contains('\n'));
    Step {
        name: name.to_owned(),
        line: step.line,
        run: run.map(Yaml::text).unwrap_or_default().to_owned(),
        run_line: run.map_or(step.line, |run| run.line + usize::from(is_block)),
        uses,
        may_fail: may_fail
            .filter(|flag| flag.text() == "true")
            .map(|flag| flag.line),
    }
}

/// A declarative Jenkinsfile, line by line: `stage('Tests')`, then `sh 'pytest'` or a block of
/// three quotes.
pub(crate) fn jenkins(path: &str, text: &str) -> Workflow {
    let mut jobs: Vec<Job> = Vec::new();
    let mut block: Option<&str> = None;

    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(end) = block {
            let (command, is_last) = trimmed
                .split_once(end)
                .map_or((trimmed, false), |(command, _)| (command, true));
            add(&mut jobs, command, index + 1);
            block = (!is_last).then_some(end);
            continue;
        }
        if let Some(name) = quoted(
            trimmed
                .strip_prefix("stage(")
                .or_else(|| trimmed.strip_prefix("stage ("))
                .unwrap_or(""),
        ) {
            jobs.push(Job {
                name: name.to_owned(),
                line: index + 1,
                ..Job::default()
            });
        } else if let Some(command) = trimmed
            .strip_prefix("sh ")
            .or_else(|| trimmed.strip_prefix("bat "))
        {
            let opened = ["'''", "\"\"\""]
                .into_iter()
                .find(|quotes| command.starts_with(quotes));
            match opened.and_then(|quotes| command.strip_prefix(quotes).map(|rest| (quotes, rest)))
            {
                Some((quotes, rest)) if !rest.contains(quotes) => {
                    add(&mut jobs, rest, index + 1);
                    block = Some(quotes);
                }
                Some((quotes, rest)) => add(
                    &mut jobs,
                    rest.split(quotes).next().unwrap_or(rest),
                    index + 1,
                ),
                None => add(&mut jobs, quoted(command).unwrap_or(""), index + 1),
            }
        }
    }

    Workflow {
        path: path.to_owned(),
        triggers: vec![("push".to_owned(), 1)],
        jobs,
        starts_on_tags: true,
        ..Workflow::default()
    }
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|quote| ['\'', '"'].contains(quote))?;
    text[1..].split(quote).next()
}

fn add(jobs: &mut [Job], command: &str, line: usize) {
    if let Some(job) = jobs.last_mut().filter(|_| !command.trim().is_empty()) {
        let name = job.name.clone();
        job.steps.push(Step {
            name,
            line,
            run: command.trim().to_owned(),
            run_line: line,
            ..Step::default()
        });
    }
}
