//! A declarative Jenkinsfile, line by line: `stage('Tests')`, then `sh 'pytest'` or a block of
//! three quotes.

use super::conditions::quoted;
use super::model::{Job, Step, Workflow};

pub(crate) fn read(path: &str, text: &str) -> Workflow {
    let mut jobs: Vec<Job> = Vec::new();
    let mut block: Option<&str> = None;
    let mut braces = Braces::default();

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
                braces.read(line);
                shell(line)
            }
        };

        add_step(&mut jobs, command, index + 1, braces.is_after_failure());
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

/// The blocks that are open at a line, by the words before their brace.
#[derive(Default)]
struct Braces<'text>(Vec<&'text str>);

impl<'text> Braces<'text> {
    fn read(&mut self, line: &'text str) {
        let mut start = 0;
        for (at, brace) in line.match_indices(['{', '}']) {
            if brace == "{" {
                self.0.push(line[start..at].trim());
            } else {
                self.0.pop();
            }
            start = at + 1;
        }
    }

    /// True inside `post { failure { … } }`, which runs once the chain has failed.
    fn is_after_failure(&self) -> bool {
        const FAILURES: [&str; 4] = ["failure", "unsuccessful", "unstable", "regression"];
        let mut after = self.0.iter().skip_while(|block| **block != "post");
        after.any(|block| FAILURES.contains(block))
    }
}

fn add_step(jobs: &mut [Job], command: &str, line: usize, after_failure: bool) {
    if let Some(job) = jobs.last_mut().filter(|_| !command.trim().is_empty()) {
        job.steps.push(Step {
            name: job.name.clone(),
            after_failure,
            line,
            run: command.trim().to_owned(),
            run_line: line,
            ..Step::default()
        });
    }
}
