//! Playing a job: its steps one after another, each shown as it goes and kept in the log of the run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::declaration::{CiJob, Jobs};
use super::report;
use super::run_folder::{JobRecord, RunFolder, commit};
use crate::cargo::forget_package;

/// The code of a command that lacks a tool: its proof was not played.
const NOT_PLAYED: u8 = 77;

/// A `filrouge` that is built already, to spare asking cargo.
const PROGRAM: &str = "FILROUGE_PROGRAM";

/// Asks for the small profile: its steps, and its values of the parameters.
const SMALL: &str = "FILROUGE_CI_SMALL";

/// The values of one job: its folder, and the text of each `{name}` of its steps.
struct Playing<'a> {
    root: &'a Path,
    job: &'a CiJob,
    /// Value of each name between braces.
    values: BTreeMap<String, String>,
    /// Variables of its programs.
    environment: Vec<(String, String)>,
}

/// Plays a job, and says where its log and its files are. The code is 77 when a step lacks a tool.
///
/// # Errors
/// The first step that fails, with its command.
pub(super) fn play(root: &Path, jobs: &Jobs, job: &CiJob, run: &RunFolder) -> Result<ExitCode> {
    let started = Instant::now();
    let is_asked = std::env::var(SMALL).is_ok_and(|value| value == "1");
    let is_small = is_asked && jobs.have_small(job);
    let steps = if is_small && !job.small.is_empty() {
        &job.small
    } else {
        &job.steps
    };
    let playing = Playing::new(root, jobs, job, run, is_small);

    let profile = if is_small { ", small profile" } else { "" };
    report(&format!("job {}{profile}: {}", job.name, job.proves));
    let outcome = playing.play(steps, &mut run.log(&job.name)?);

    let result = match &outcome {
        Ok(None) => "passed",
        Ok(Some(_)) => "not played",
        Err(_) => "failed",
    };
    run.note(&JobRecord {
        job: &job.name,
        result,
        seconds: started.elapsed().as_secs(),
        small: is_small,
        commit: commit(root),
    })?;
    report(&format!(
        "job {} {result}: {}",
        job.name,
        run.path.display()
    ));

    let Some(step) = outcome.with_context(|| format!("job `{}`", job.name))? else {
        return Ok(ExitCode::SUCCESS);
    };
    report(&format!("not played: `{step}` lacks a tool, named above"));
    Ok(ExitCode::from(NOT_PLAYED))
}

impl<'a> Playing<'a> {
    fn new(root: &'a Path, jobs: &Jobs, job: &'a CiJob, run: &RunFolder, is_small: bool) -> Self {
        let mut values: BTreeMap<_, _> = jobs
            .parameters()
            .map(|(name, parameter)| {
                let set = std::env::var(&parameter.variable).ok();
                let set = set.filter(|value| !value.is_empty());
                let smaller = parameter.small.clone().filter(|_| is_small);

                let value = set.or(smaller).unwrap_or(parameter.default.clone());
                (name.to_owned(), value)
            })
            .collect();
        values.insert("id".to_owned(), run.name.clone());
        values.insert("run".to_owned(), run.path.display().to_string());

        let of_all = jobs.environment();
        let own = job.environment.iter();
        let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
        let environment = of_all
            .chain(own)
            .map(|(name, value)| (name.to_owned(), home(&filled(value, &values))))
            .collect();

        Self {
            root,
            job,
            values,
            environment,
        }
    }

    /// Plays steps until the first that is not played, which is given, or fails.
    fn play(&self, steps: &[Vec<String>], log: &mut File) -> Result<Option<String>> {
        for step in steps {
            let words: Vec<_> = step.iter().map(|word| filled(word, &self.values)).collect();
            let line = words.join(" ");
            tell(log, &format!("$ {line}\n"))?;

            let status = self.run(&words, log).with_context(|| format!("`{line}`"))?;
            match status.code() {
                Some(0) => {}
                Some(code) if code == i32::from(NOT_PLAYED) => return Ok(Some(line)),
                _ => bail!("`{line}`: {status}"),
            }
        }

        Ok(None)
    }

    /// Runs a program whose both outputs go to this one's and to the log.
    fn run(&self, words: &[String], log: &mut File) -> Result<ExitStatus> {
        let (mut output, writer) = std::io::pipe()?;
        let mut child = {
            let mut command = self.command(words)?;
            command
                .stdin(Stdio::null())
                .stdout(writer.try_clone()?)
                .stderr(writer);
            // The command goes with its ends of the pipe: those of the program alone stay open.
            command.spawn().context("it cannot be started")?
        };

        let mut part = [0; 8192];
        loop {
            match output.read(&mut part)? {
                0 => break,
                length => tell_bytes(log, &part[..length])?,
            }
        }

        Ok(child.wait()?)
    }

    fn command(&self, words: &[String]) -> Result<Command> {
        let mut words = self.expanded(words)?;
        if self.job.root && !is_administrator()? {
            words = as_administrator(&words, &std::env::var("PATH")?);
        }

        let (program, arguments) = words.split_first().context("the step is empty")?;
        let mut command = Command::new(place(self.root, program));
        forget_package(&mut command);
        command.args(arguments).current_dir(self.root);

        // A variable set by the caller stays: a laptop may have its own Python.
        let unset = self
            .environment
            .iter()
            .filter(|(name, _)| std::env::var_os(name).is_none());
        command.envs(unset.map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// The words of a step, with the programs of the project by their commands.
    fn expanded(&self, words: &[String]) -> Result<Vec<String>> {
        let (start, rest) = match words {
            [program, rest @ ..] if program == "filrouge" => (filrouge(), rest),
            // This program itself, on the repository that it was asked to judge.
            [cargo, xtask, ci, rest @ ..] if cargo == "cargo" && xtask == "xtask" && ci == "ci" => {
                let own = std::env::current_exe().context("this program has no path")?;
                let root = self.root.display().to_string();
                let own = own.display().to_string();
                (vec![own, "ci".to_owned(), "--root".to_owned(), root], rest)
            }
            _ => (Vec::new(), words),
        };

        Ok([&start, rest].concat())
    }
}

/// The program of the project: the one that is built already, where it is named, or cargo's.
fn filrouge() -> Vec<String> {
    match std::env::var(PROGRAM) {
        Ok(built) => vec![built],
        Err(_) => ["cargo", "run", "--quiet", "--bin", "filrouge", "--"]
            .map(str::to_owned)
            .to_vec(),
    }
}

/// A program of the repository by its whole path; another is left to the search path.
fn place(root: &Path, program: &str) -> PathBuf {
    if program.contains('/') {
        root.join(program)
    } else {
        PathBuf::from(program)
    }
}

/// The text with the value of each `{name}`.
fn filled(text: &str, values: &BTreeMap<String, String>) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// The text with the home folder at the place of a first `~/`.
fn home(text: &str) -> String {
    let home = std::env::var("HOME").unwrap_or_default();

    match text.strip_prefix("~/") {
        Some(rest) => format!("{home}/{rest}"),
        None => text.to_owned(),
    }
}

/// The words of a command that sudo starts. It has a search path of its own, where cargo is not: that of
/// the caller is said again.
fn as_administrator(words: &[String], path: &str) -> Vec<String> {
    let start = ["sudo", "--preserve-env", "env", &format!("PATH={path}")].map(str::to_owned);
    [&start, words].concat()
}

fn is_administrator() -> Result<bool> {
    let output = Command::new("id").arg("-u").output();
    let output = output.context("cannot run id")?;

    Ok(output.stdout.trim_ascii() == b"0")
}

fn tell(log: &mut File, text: &str) -> Result<()> {
    tell_bytes(log, text.as_bytes())
}

fn tell_bytes(log: &mut File, bytes: &[u8]) -> Result<()> {
    log.write_all(bytes).context("cannot write the log")?;
    let mut output = std::io::stdout().lock();
    output.write_all(bytes).context("cannot write the output")?;
    output.flush().context("cannot write the output")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_braces_and_the_home_folder_are_filled() {
        let values = [("run".to_owned(), "/r".to_owned())].into();

        assert_eq!(filled("{run}/past.parquet", &values), "/r/past.parquet");
        assert_eq!(filled("{other}", &values), "{other}");
        assert_eq!(home("a~/b"), "a~/b");
        assert!(home("~/b").ends_with("/b") && !home("~/b").contains('~'));
    }

    #[test]
    fn the_administrator_finds_the_programs_of_the_caller() {
        let words = ["cargo", "test"].map(str::to_owned);

        let told = as_administrator(&words, "/home/a/.cargo/bin:/bin");
        let expected = "sudo --preserve-env env PATH=/home/a/.cargo/bin:/bin cargo test";
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn a_program_of_the_repository_is_started_from_its_folder() {
        let root = Path::new("/depot");

        assert_eq!(place(root, ".ci/secrets"), Path::new("/depot/.ci/secrets"));
        assert_eq!(place(root, "cargo"), Path::new("cargo"));
    }
}
