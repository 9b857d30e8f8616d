//! The folder of a run, `var/runs/<name>`: what a job leaves there, the next one reads. It keeps the
//! log of each job and one line for each in `jobs.jsonl`.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Serialize;

/// Where runs are kept, from the top folder.
const FOLDER: &str = "var/runs";

/// A run that is open.
#[derive(Debug)]
pub(super) struct RunFolder {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// One line of `jobs.jsonl`.
#[derive(Debug, Serialize)]
pub(super) struct JobRecord<'a> {
    pub(super) job: &'a str,
    /// `passed`, `failed`, or `not played` when a tool is missing.
    pub(super) result: &'a str,
    pub(super) seconds: u64,
    /// True under the small profile.
    pub(super) small: bool,
    pub(super) commit: String,
}

impl RunFolder {
    /// Makes the folder of a run, or opens it: the jobs of a chain share one.
    ///
    /// # Errors
    /// A name that would lead out of `var/runs`, or a folder that cannot be made.
    pub(super) fn open(root: &Path, name: Option<&str>) -> Result<Self> {
        let name = match name {
            Some(name) => name.to_owned(),
            None => commit(root),
        };
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        ensure!(
            name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
                && name.chars().all(is_plain),
            "`{name}` is no name of a run: letters, digits, `.`, `_` and `-`"
        );

        let path = root.join(FOLDER).join(&name);
        std::fs::create_dir_all(&path)
            .with_context(|| format!("cannot make `{}`", path.display()))?;
        Ok(Self { name, path })
    }

    /// The log of a job, empty.
    pub(super) fn log(&self, job: &str) -> Result<File> {
        let path = self.path.join(format!("{job}.log"));
        File::create(&path).with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// Adds the line of a job.
    pub(super) fn note(&self, played: &JobRecord<'_>) -> Result<()> {
        let path = self.path.join("jobs.jsonl");
        let unwritable = || format!("cannot write `{}`", path.display());
        let line = serde_json::to_string(played)? + "\n";

        // One write of one line: jobs that run at once do not mix theirs.
        let mut options = File::options();
        let file = options.create(true).append(true).open(&path);
        file.with_context(unwritable)?
            .write_all(line.as_bytes())
            .with_context(unwritable)
    }
}

/// The short name of the commit under work; `local` outside of git.
pub(super) fn commit(root: &Path) -> String {
    let mut git = Command::new("git");
    git.args(["rev-parse", "--short", "HEAD"]).current_dir(root);

    match git.output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        _ => "local".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_jobs_of_a_run_share_its_folder_and_each_adds_its_line() {
        let root = tempfile::tempdir().unwrap();
        let played = |job| JobRecord {
            job,
            result: "passed",
            seconds: 1,
            small: false,
            commit: "abc".to_owned(),
        };

        for job in ["train", "gate"] {
            let run = RunFolder::open(root.path(), Some("7")).unwrap();
            run.note(&played(job)).unwrap();
        }

        let lines = std::fs::read_to_string(root.path().join("var/runs/7/jobs.jsonl")).unwrap();
        assert_eq!(lines.lines().count(), 2, "{lines}");
        assert!(lines.starts_with(r#"{"job":"train","result":"passed""#));
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        let root = tempfile::tempdir().unwrap();

        for name in ["../x", "a/b", "", ".hidden"] {
            let error = RunFolder::open(root.path(), Some(name)).unwrap_err();
            assert!(error.to_string().contains("is no name of a run"), "{name}");
        }
        assert_eq!(
            RunFolder::open(root.path(), None).unwrap().name,
            "local",
            "a folder without git"
        );
    }
}
