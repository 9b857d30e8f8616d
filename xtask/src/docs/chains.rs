//! `docs/chaines.md` and the pages beside it: triggers, jobs, tasks and settings of the chains, as
//! the workflows and `.ci/jobs.toml` say them, with a drawing of each workflow.

mod diagram;
mod triggers;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Document;
use super::blocks::replace;
use crate::ci::{self, CiJob, Jobs, WorkflowFile, WorkflowJob};
use crate::files;

/// The page of all chains.
const PAGE: &str = "docs/chaines.md";

/// The pages that hold the parts of some workflows: `<!-- chaîne NAME -->`.
const PARTS: [(&str, &[&str]); 3] = [
    (
        "docs/chaines/integration-continue.md",
        &["ci", "docs", "nightly"],
    ),
    ("docs/chaines/livraison.md", &["release", "production"]),
    ("docs/chaines/modele.md", &["model"]),
];

/// The pages and their drawings, as the workflows are now.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let jobs = Jobs::read(root)?;
    let workflows = ci::workflows(root)?;
    let mut documents = vec![overview(root, &jobs, &workflows)?];

    for (path, stems) in PARTS {
        let mut text = files::read(root, path)?;
        for stem in stems {
            let workflow = workflows.iter().find(|workflow| workflow.stem() == *stem);
            let workflow = workflow.with_context(|| format!("there is no workflow `{stem}`"))?;
            let part = part(workflow, &jobs)?;
            text = replace(&text, &format!("chaîne {stem}"), &part)
                .with_context(|| format!("in `{path}`"))?;
        }
        documents.push(Document {
            path: path.to_owned(),
            text,
        });
    }

    documents.extend(workflows.iter().map(|workflow| Document {
        path: format!("docs/chaines/{}.svg", workflow.stem()),
        text: diagram::svg(workflow),
    }));
    Ok(documents)
}

/// The page of all chains: every trigger, every job, every setting.
fn overview(root: &Path, jobs: &Jobs, workflows: &[WorkflowFile]) -> Result<Document> {
    let text = files::read(root, PAGE)?;
    let script = files::read(root, ".ci/run")?;

    let blocks = [
        ("déclencheurs", all_triggers(workflows)),
        ("travaux", all_jobs(jobs, workflows, &script)),
        ("paramètres", settings(jobs)),
    ];
    let text = blocks.into_iter().try_fold(text, |text, (name, block)| {
        replace(&text, name, &block).with_context(|| format!("in `{PAGE}`"))
    })?;

    Ok(Document {
        path: PAGE.to_owned(),
        text,
    })
}

fn all_triggers(workflows: &[WorkflowFile]) -> String {
    let mut table = "| Workflow | Déclencheur | Quand |\n| --- | --- | --- |\n".to_owned();

    for workflow in workflows {
        for (event, filters) in &workflow.on {
            let when = triggers::told(event, filters);
            // Writing to a text cannot fail, here and below.
            let _ = writeln!(table, "| `{}` | `{event}` | {when} |", workflow.stem());
        }
    }
    table
}

fn all_jobs(jobs: &Jobs, workflows: &[WorkflowFile], script: &str) -> String {
    let mut table =
        "| Travail | Ce qu’il montre | Workflows | `.ci/run` |\n| --- | --- | --- | --- |\n"
            .to_owned();

    for job in jobs.iter() {
        let played = |workflow: &&WorkflowFile| {
            let mut jobs = workflow.jobs.values();
            jobs.any(|own| own.played().contains(&job.name.as_str()))
        };
        let names = workflows.iter().filter(played);
        let names: Vec<_> = names
            .map(|workflow| format!("`{}`", workflow.stem()))
            .collect();
        let is_in_script = script
            .lines()
            .any(|line| line == format!("job {}", job.name));

        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} |",
            job.name,
            job.proves,
            names.join(", "),
            if is_in_script { "oui" } else { "non" }
        );
    }
    table
}

fn settings(jobs: &Jobs) -> String {
    let mut table =
        "| Variable | Ce qu’elle règle | Par défaut |\n| --- | --- | --- |\n".to_owned();

    for (_, parameter) in jobs.parameters() {
        let _ = writeln!(
            table,
            "| `{}` | {} | `{}` |",
            parameter.variable, parameter.says, parameter.default
        );
    }
    for (name, value) in jobs.environment() {
        let _ = writeln!(
            table,
            "| `{name}` | posée pour chaque travail | `{value}` |"
        );
    }
    table
}

/// The part of one workflow: its triggers, its drawing, then each of its jobs.
fn part(workflow: &WorkflowFile, jobs: &Jobs) -> Result<String> {
    let stem = workflow.stem();
    let mut text = format!("### Les déclencheurs de `{}`\n\n", workflow.path);

    for (event, filters) in &workflow.on {
        let _ = writeln!(text, "- `{event}` : {}", triggers::told(event, filters));
    }
    let _ = write!(
        text,
        "\n### Les étapes de `{}`\n\n![Les travaux du workflow {stem} et leur ordre ; la liste qui suit en donne le texte]({stem}.svg)\n\n",
        workflow.path
    );

    for (name, job) in &workflow.jobs {
        let _ = writeln!(text, "- {}", job_line(name, job, jobs)?);
        for task in tasks(job, jobs)? {
            let _ = writeln!(text, "  - {task}");
        }
    }
    Ok(text)
}

/// One sentence for a job: its proof, the jobs before it, its condition, its bounds.
fn job_line(name: &str, job: &WorkflowJob, jobs: &Jobs) -> Result<String> {
    let mut text = format!("**`{name}`**");

    if let Some(played) = job.played().first() {
        let _ = write!(text, " : {}", jobs.find(played)?.proves);
    }
    let needs = job.needs.names();
    let _ = match needs[..] {
        [] => write!(text, ". Commence aussitôt"),
        _ => write!(text, ". Après `{}`", needs.join("`, `")),
    };
    if let Some(condition) = &job.condition {
        let _ = write!(text, " ; seulement si `{}`", one_line(condition));
    }
    if let Some(minutes) = job.timeout_minutes {
        let _ = write!(text, " ; {minutes} minutes au plus");
    }
    if let Some(rights) = job.permissions.as_ref().and_then(Value::as_object) {
        let rights = rights.iter();
        let rights: Vec<_> = rights
            .map(|(name, right)| format!("`{name}: {}`", right.as_str().unwrap_or_default()))
            .collect();
        let _ = match &rights[..] {
            [] => write!(text, " ; aucun droit"),
            _ => write!(text, " ; droits {}", rights.join(", ")),
        };
    }
    if let Some(environment) = &job.environment {
        let name = environment.as_str().or(environment["name"].as_str());
        let name = name.unwrap_or_default();
        let _ = write!(
            text,
            " ; environnement `{name}`, qui peut demander une approbation"
        );
    }
    Ok(text + ".")
}

/// The tasks of a job, in their order.
fn tasks(job: &WorkflowJob, jobs: &Jobs) -> Result<Vec<String>> {
    let mut tasks = Vec::new();

    for step in &job.steps {
        let start = step
            .condition
            .as_ref()
            .map_or_else(String::new, |condition| {
                format!("si `{}` : ", one_line(condition))
            });
        if let Some(uses) = &step.uses {
            let artifact = step.with.get("name").and_then(Value::as_str);
            tasks.push(format!("{start}{}", action(uses, artifact)));
        }
        for line in step.run.iter().flat_map(|run| run.lines()) {
            let declared = line.trim().strip_prefix("cargo xtask ci ");
            tasks.push(match declared {
                Some(name) => format!("{start}{}", commands(jobs.find(name.trim())?)),
                None => format!("{start}`{}`", line.trim()),
            });
        }
    }
    Ok(tasks)
}

/// An action, in words.
fn action(uses: &str, artifact: Option<&str>) -> String {
    let name = uses.split('@').next().unwrap_or(uses);
    let artifact = artifact.unwrap_or_default();

    match name {
        "actions/checkout" => "prendre les sources".to_owned(),
        "actions/cache" => "reprendre la dernière compilation".to_owned(),
        "actions/upload-artifact" => format!("laisser l’artefact `{artifact}`"),
        "actions/download-artifact" => format!("prendre l’artefact `{artifact}`"),
        other => format!("`{other}`"),
    }
}

/// The commands of a declared job, as a person would type them.
fn commands(job: &CiJob) -> String {
    let lines = job.steps.iter().map(|step| format!("`{}`", step.join(" ")));
    let lines: Vec<_> = lines.collect();

    format!(
        "`cargo xtask ci {}`, qui exécute {}",
        job.name,
        lines.join(", puis ")
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
