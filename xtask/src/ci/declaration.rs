//! `.ci/jobs.toml`: the jobs, the variables that they are given, and what a person may set.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::files;

/// Where the jobs are declared, from the top folder.
pub(crate) const FILE: &str = ".ci/jobs.toml";

/// Programs that run any text at all: a failure could be hidden in it.
const SHELLS: [&str; 4] = ["sh", "bash", "dash", "eval"];

/// Programs that always succeed.
const ALWAYS_GREEN: [&str; 4] = ["echo", "printf", "true", ":"];

/// The jobs of `.ci/jobs.toml`, in its order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Jobs {
    /// Variables of every job, unless the caller has set them.
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, JobParameter>,
    #[serde(default)]
    job: Vec<CiJob>,
}

/// A figure or a name that a person may set for a run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobParameter {
    /// The environment variable that sets it.
    pub(crate) variable: String,
    pub(crate) default: String,
    /// What stands for the default under the small profile.
    pub(crate) small: Option<String>,
    /// A French description.
    pub(crate) says: String,
}

/// A job: commands that run one after another, until the first that fails.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CiJob {
    pub(crate) name: String,
    /// The fact that its success shows, in French.
    pub(crate) proves: String,
    /// Pathspecs of git: a change of other files does not play it.
    pub(crate) paths: Vec<String>,
    /// Each step is a program and its arguments.
    pub(crate) steps: Vec<Vec<String>>,
    /// The steps of the small profile: the same tools on less matter.
    #[serde(default)]
    pub(crate) small: Vec<Vec<String>>,
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// Needs the rights of the administrator.
    #[serde(default)]
    pub(crate) root: bool,
}

impl Jobs {
    /// Reads the jobs of a repository.
    ///
    /// # Errors
    /// A file that cannot be read, two jobs of one name, a step that is no command or cannot fail.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text = files::read(root, FILE)?;
        Self::parse(&text).with_context(|| format!("in `{FILE}`"))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let jobs: Self = toml::from_str(text)?;

        for (index, job) in jobs.job.iter().enumerate() {
            let is_twice = jobs.job[..index].iter().any(|other| other.name == job.name);
            ensure!(!is_twice, "job `{}` is declared twice", job.name);
            job.validate()
                .with_context(|| format!("job `{}`", job.name))?;
        }

        Ok(jobs)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &CiJob> {
        self.job.iter()
    }

    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&str, &JobParameter)> {
        self.parameters
            .iter()
            .map(|(name, parameter)| (name.as_str(), parameter))
    }

    /// True when the small profile plays a job on less matter: by other steps, or by a smaller parameter.
    pub(crate) fn have_small(&self, job: &CiJob) -> bool {
        let mut parameters = self.parameters();
        let names_smaller =
            parameters.any(|(name, parameter)| parameter.small.is_some() && job.names(name));

        !job.small.is_empty() || names_smaller
    }

    /// Variables of every job, each with its value.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The job of a name; the error lists those that exist.
    pub(crate) fn find(&self, name: &str) -> Result<&CiJob> {
        let names = || self.iter().map(|job| job.name.as_str());

        self.iter().find(|job| job.name == name).with_context(|| {
            let names: Vec<_> = names().collect();
            format!(
                "there is no job `{name}`; the jobs are {}",
                names.join(", ")
            )
        })
    }
}

impl CiJob {
    /// True when a step takes the value of this parameter.
    fn names(&self, parameter: &str) -> bool {
        let place = format!("{{{parameter}}}");

        self.steps
            .iter()
            .flatten()
            .any(|word| word.contains(&place))
    }

    fn validate(&self) -> Result<()> {
        ensure!(!self.steps.is_empty(), "it has no step");
        ensure!(
            !self.paths.is_empty(),
            "it names no path: `:/` is the whole tree"
        );

        for step in self.steps.iter().chain(&self.small) {
            let Some(program) = step.first().map(String::as_str) else {
                bail!("a step is empty");
            };
            let line = step.join(" ");
            ensure!(
                !SHELLS.contains(&program),
                "`{line}` hands text to a shell, where a failure can be hidden: write a script"
            );
            ensure!(!ALWAYS_GREEN.contains(&program), "`{line}` cannot fail");
        }

        Ok(())
    }
}

#[cfg(test)]
mod tests;
