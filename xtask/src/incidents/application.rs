//! An application with a fault, for the practical test: a patch that brings a known fault back into
//! the application of today, in a copy of the repository.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::sheet::RedTest;
use super::{report, shows};
use crate::files;
use crate::recipes::Copy;

/// The folder of the patches, each beside its declaration.
const FOLDER: &str = "docs/incidents/e5";

/// A fault to bring back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlantedFault {
    /// The name of its file, without the extension.
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) title: String,
    /// The incident of `data/incidents` whose fault it is.
    pub(crate) incident: String,
    /// What the candidate receives and sees, in French: nothing of it names the cause.
    pub(crate) symptom: String,
    /// Where the monitoring shows it.
    pub(crate) seen: Vec<String>,
    /// Words of the failure of the test.
    told: String,
    test: RedTest,
}

impl PlantedFault {
    /// Path of the patch.
    pub(crate) fn patch(&self) -> String {
        format!("{FOLDER}/{}.patch", self.name)
    }

    /// The command that shows the fault, as a person types it.
    pub(crate) fn command(&self) -> String {
        let RedTest {
            package,
            target,
            name,
        } = &self.test;
        format!("cargo test -p {package} {target} {name}")
    }
}

pub(crate) fn read_all(root: &Path) -> Result<Vec<PlantedFault>> {
    let paths = files::listed(root, &[&format!("{FOLDER}/*.toml")])?;
    let read = |path: &String| {
        let text = files::read(root, path)?;
        let mut fault: PlantedFault =
            toml::from_str(&text).with_context(|| format!("in `{path}`"))?;
        let file = path.rsplit('/').next().unwrap_or(path);
        fault.name = file.trim_end_matches(".toml").to_owned();
        Ok(fault)
    };
    paths.iter().map(read).collect()
}

/// Brings the fault back in a copy, shows it, takes it away again and shows its absence.
pub(super) fn play(root: &Path, name: &str) -> Result<()> {
    let faults = read_all(root)?;
    let fault = faults.iter().find(|fault| fault.name == name);
    let fault = fault.with_context(|| format!("no fault `{name}`: see --e5 --list"))?;
    let copy = Copy::of(root)?;

    copy.apply(&files::read(root, &fault.patch())?)?;
    report(&format!("{name}: brought back; {}", fault.command()));
    let output = copy.shell(&fault.command()).output();
    copy.reset()?;
    shows(
        &output.context("cannot run the test")?,
        &fault.test.name,
        &fault.told,
    )?;
    report("  red, as expected");

    let output = copy.shell(&fault.command()).output();
    let output = output.context("cannot run the test")?;
    ensure!(
        output.status.success(),
        "the test fails without the patch as well"
    );
    report("  green without the patch");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    // Preuve: C21.2 la panne que le candidat reçoit revient dans l’application d’aujourd’hui
    #[test]
    fn each_planted_fault_still_applies_to_the_application_of_today() {
        let root = crate::root();
        let faults = read_all(&root).unwrap();
        assert!(!faults.is_empty());

        for fault in faults {
            let mut git = Command::new("git");
            git.args(["apply", "--check", &fault.patch()])
                .current_dir(&root);
            let output = git.output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {told}", fault.name);
        }
    }
}
