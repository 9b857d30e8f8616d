//! A declarative Jenkinsfile, line by line: `stage('Tests')`, then `sh 'pytest'` or a block of
//! three quotes.

use super::conditions::quoted;
use super::model::{Job, Step, Workflow};

pub(crate) fn read(path: &str, text: &str) -> Workflow {
    let mut jobs: Vec<Job> = Vec::new();
    let mut block: Option<&str> = None;

    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let (command, opened) = match block {
            // Inside a block every line is a command, until its quotes.
            Some(quotes) => match line.split_once(quotes) {
                Some((command, _)) => (command, None),
                None => (line, block),
            },
            None => {
                jobs.extend(stage(line).map(|name| Job::new(name, index + 1, Vec::new())));
                shell(line)
            }
        };

        add_step(&mut jobs, command, index + 1);
        block = opened;
    }

    Workflow::on_push(path, jobs)
}

fn stage(line: &str) -> Option<&str> {
    let name = line
        .strip_prefix("stage(")
        .or_else(|| line.strip_prefix("stage ("))?;
    quoted(name)
}

/// The command that a line runs, and the quotes of the block that it opens.
fn shell(line: &str) -> (&str, Option<&'static str>) {
    let command = line
        .strip_prefix("sh ")
        .or_else(|| line.strip_prefix("bat "))
        .unwrap_or("");
    let opened = ["'''", "\"\"\""]
        .into_iter()
        .find_map(|quotes| Some((quotes, command.strip_prefix(quotes)?)));

    match opened {
        Some((quotes, rest)) => match rest.split_once(quotes) {
            Some((inside, _)) => (inside, None),
            None => (rest, Some(quotes)),
        },
        None => (quoted(command).unwrap_or(""), None),
    }
}

fn add_step(jobs: &mut [Job], command: &str, line: usize) {
    if let Some(job) = jobs.last_mut().filter(|_| !command.trim().is_empty()) {
        job.steps.push(Step {
            name: job.name.clone(),
            line,
            run: command.trim().to_owned(),
            run_line: line,
            ..Step::default()
        });
    }
}
