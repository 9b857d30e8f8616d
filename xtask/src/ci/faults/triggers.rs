//! Conditions on events, inputs, hours and tags: what they wait for has to be declared under `on`.

use anyhow::{Context, Result};
use regex::Regex;
use serde_json::Value;

use super::super::workflow_file::WorkflowFile;

/// A way to name something that `on` declares.
struct EventReference {
    /// Its group is the name.
    pattern: &'static str,
    /// Says of what kind the name is.
    kind: &'static str,
    is_declared: fn(&WorkflowFile, &str) -> bool,
}

const REFERENCES: [EventReference; 7] = [
    EventReference {
        pattern: r"github\.event_name\s*[!=]=\s*'([\w-]+)'",
        kind: "trigger",
        is_declared: |workflow, name| workflow.on.contains_key(name),
    },
    EventReference {
        pattern: r"github\.event\.action\s*[!=]=\s*'([^']+)'",
        kind: "type of event",
        is_declared: |workflow, name| lists(workflow, "types", name),
    },
    EventReference {
        pattern: r"github\.event\.schedule\s*[!=]=\s*'([^']+)'",
        kind: "hour",
        is_declared: |workflow, name| {
            let hours = workflow.on.get("schedule").and_then(Value::as_array);
            hours.into_iter().flatten().any(|hour| hour["cron"] == name)
        },
    },
    EventReference {
        pattern: r"\binputs\.([\w-]+)",
        kind: "input",
        is_declared: |workflow, name| {
            let asking = ["workflow_dispatch", "workflow_call"];
            asking.iter().any(|event| {
                let event = workflow.on.get(*event);
                event.is_some_and(|event| !event["inputs"][name].is_null())
            })
        },
    },
    EventReference {
        pattern: r"github\.event\.(client_payload)\b",
        kind: "payload of `repository_dispatch`, as",
        is_declared: |workflow, _| workflow.on.contains_key("repository_dispatch"),
    },
    EventReference {
        pattern: r"github\.(?:event\.)?(pull_request|base_ref|head_ref)\b",
        kind: "pull request, as",
        is_declared: |workflow, _| {
            workflow
                .on
                .keys()
                .any(|event| event.starts_with("pull_request"))
        },
    },
    EventReference {
        pattern: r"(refs/tags/)",
        kind: "push of a tag, as",
        is_declared: |workflow, _| {
            let push = workflow.on.get("push");
            push.is_some_and(|push| push.is_null() || !push["tags"].is_null())
        },
    },
];

/// True when an event of the workflow lists a value under a key.
fn lists(workflow: &WorkflowFile, key: &str, value: &str) -> bool {
    workflow.on.values().any(|event| match &event[key] {
        Value::Array(values) => values.iter().any(|listed| listed == value),
        listed => listed == value,
    })
}

pub(super) fn faults(workflow: &WorkflowFile) -> Result<Vec<String>> {
    let mut faults = Vec::new();

    for (job, text) in texts(workflow) {
        for reference in &REFERENCES {
            let pattern = Regex::new(reference.pattern).context("a pattern of references")?;
            let names = pattern
                .captures_iter(&text)
                .map(|found| found[1].to_owned());
            let missing = names.filter(|name| !(reference.is_declared)(workflow, name));
            faults.extend(missing.map(|name| {
                format!(
                    "`{}`: job `{job}` waits for the {} `{name}`, which `on` does not declare",
                    workflow.path, reference.kind
                )
            }));
        }
    }

    faults.dedup();
    Ok(faults)
}

/// Everything in which a job may name an event, in one text for each job.
fn texts(workflow: &WorkflowFile) -> Vec<(&str, String)> {
    let whole = |name, job: &super::WorkflowJob| {
        let mut parts = vec![job.condition.clone().unwrap_or_default()];
        parts.extend(
            job.env
                .values()
                .chain(job.outputs.values())
                .map(Value::to_string),
        );
        // Those of the top are asked of every job.
        parts.extend(workflow.env.values().map(Value::to_string));
        parts.extend(job.environment.iter().map(Value::to_string));

        for step in &job.steps {
            parts.extend(step.condition.iter().chain(&step.run).cloned());
            parts.extend(
                step.with
                    .values()
                    .chain(step.env.values())
                    .map(Value::to_string),
            );
        }
        (name, parts.join("\n"))
    };

    let jobs = workflow.jobs.iter();
    jobs.map(|(name, job)| whole(name.as_str(), job)).collect()
}
