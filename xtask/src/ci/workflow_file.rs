//! The files of `.github/workflows`, as far as they are judged and described here. Their grammar is
//! left to actionlint and to the published schema.

use std::path::Path;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::files;

/// Where the forge looks for workflows, from the top folder.
const FOLDER: &str = ".github/workflows";

/// A file of `.github/workflows`, as far as it is checked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct WorkflowFile {
    /// Path from the top folder.
    #[serde(skip)]
    pub(crate) path: String,
    /// Its triggers: each event with its filters.
    pub(crate) on: IndexMap<String, Value>,
    pub(crate) permissions: Option<Value>,
    pub(crate) concurrency: Option<Value>,
    #[serde(default)]
    pub(crate) env: IndexMap<String, Value>,
    #[serde(default)]
    pub(crate) defaults: Value,
    pub(crate) jobs: IndexMap<String, WorkflowJob>,
}

/// A job of a workflow.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct WorkflowJob {
    #[serde(default)]
    pub(crate) needs: Needs,
    #[serde(rename = "if")]
    pub(crate) condition: Option<String>,
    pub(crate) permissions: Option<Value>,
    pub(crate) environment: Option<Value>,
    pub(crate) timeout_minutes: Option<u32>,
    pub(crate) continue_on_error: Option<Value>,
    #[serde(default)]
    pub(crate) env: IndexMap<String, Value>,
    #[serde(default)]
    pub(crate) outputs: IndexMap<String, Value>,
    #[serde(default)]
    pub(crate) steps: Vec<WorkflowStep>,
}

/// The jobs that come before another: one, or several.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum Needs {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

/// A step: a command, or an action.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct WorkflowStep {
    pub(crate) name: Option<String>,
    #[serde(rename = "if")]
    pub(crate) condition: Option<String>,
    pub(crate) uses: Option<String>,
    pub(crate) run: Option<String>,
    pub(crate) shell: Option<String>,
    pub(crate) working_directory: Option<String>,
    pub(crate) continue_on_error: Option<Value>,
    #[serde(default)]
    pub(crate) with: IndexMap<String, Value>,
    #[serde(default)]
    pub(crate) env: IndexMap<String, Value>,
}

/// Every workflow, in the order of the names of the files.
pub(super) fn read_all(root: &Path) -> Result<Vec<WorkflowFile>> {
    let patterns = [format!("{FOLDER}/*.yml"), format!("{FOLDER}/*.yaml")];
    let mut paths = files::listed(root, &patterns.each_ref().map(String::as_str))?;
    paths.sort();

    paths
        .into_iter()
        .map(|path| {
            let text = files::read(root, &path)?;
            let file = WorkflowFile::parse(&text).with_context(|| format!("in `{path}`"))?;
            Ok(WorkflowFile { path, ..file })
        })
        .collect()
}

impl WorkflowFile {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        serde_saphyr::from_str(text).map_err(|error| anyhow::anyhow!("{error}"))
    }

    /// Its name among the files: `ci` of `.github/workflows/ci.yml`.
    pub(crate) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }
}

impl Needs {
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::None => Vec::new(),
            Self::One(name) => vec![name],
            Self::Several(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

impl WorkflowJob {
    /// The jobs of `.ci/jobs.toml` that its steps play.
    pub(crate) fn played(&self) -> Vec<&str> {
        let lines = self.steps.iter().filter_map(|step| step.run.as_deref());

        lines
            .flat_map(str::lines)
            .filter_map(|line| line.trim().strip_prefix("cargo xtask ci "))
            .filter_map(|rest| rest.split_whitespace().next())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_needs_and_the_job_that_is_played_are_read() {
        let text = "name: a\non:\n  push:\n    branches: [main]\n  workflow_dispatch:\njobs:\n  \
                    one:\n    runs-on: x\n    steps: [{run: cargo xtask ci tests}]\n  \
                    two:\n    needs: one\n    if: github.ref == 'a'\n    steps: []\n  \
                    three: {needs: [one, two], timeout-minutes: 5, steps: []}\n";
        let file = WorkflowFile::parse(text).unwrap();

        assert_eq!(
            file.on.keys().collect::<Vec<_>>(),
            ["push", "workflow_dispatch"]
        );
        assert_eq!(
            file.jobs.keys().collect::<Vec<_>>(),
            ["one", "two", "three"]
        );
        assert_eq!(file.jobs["one"].played(), ["tests"]);
        assert!(file.jobs["one"].needs.names().is_empty());
        assert_eq!(file.jobs["two"].needs.names(), ["one"]);
        assert_eq!(file.jobs["three"].needs.names(), ["one", "two"]);
        assert_eq!(file.jobs["three"].timeout_minutes, Some(5));
    }

    #[test]
    fn a_file_that_is_no_workflow_is_told_with_its_line() {
        let error = WorkflowFile::parse("name: a\non: [push\n").unwrap_err();
        assert!(error.to_string().contains("line"), "{error}");
    }
}
