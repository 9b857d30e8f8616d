//! The reading of the declarations: what a sheet promises must be in the repository.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::files;
use crate::incidents::application::{self, PlantedFault};
use crate::incidents::sheet::{self, FOLDER, Reproduction, Sheet, SheetState};

/// Words of two pages: nobody reads more on the day after.
const MOST_WORDS: usize = 1_000;

/// One sentence for each sheet that a person must mend.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>> {
    let sheets = sheet::read_all(root)?;
    let mut faults = Vec::new();

    for sheet in &sheets {
        let mut own = unfinished(sheet);
        own.extend(too_long(sheet));
        if let Some(reproduction) = &sheet.reproduction {
            own.extend(lost(root, reproduction)?);
        }
        faults.extend(
            own.into_iter()
                .map(|fault| format!("`{FOLDER}/{}.toml`: {fault}", sheet.name)),
        );
    }
    for fault in application::read_all(root)? {
        faults.extend(without_answer(root, &sheets, &fault));
    }
    Ok(faults)
}

/// What the state of a sheet promises and its text lacks.
fn unfinished(sheet: &Sheet) -> Vec<String> {
    let mut faults = Vec::new();
    let mut need = |is_there: bool, what: &str| {
        if !is_there {
            faults.push(format!("{} needs {what}", sheet.state.french()));
        }
    };

    if sheet.state.is_over() {
        need(sheet.reproduction.is_some(), "a reproduction");
        need(sheet.cause.is_some(), "a cause");
        need(!sheet.hypotheses.is_empty(), "its hypotheses");
        need(!sheet.steps.is_empty(), "the steps of the fix");
        need(!sheet.learnt.is_empty(), "what was learnt");
    }
    if sheet.state == SheetState::Closed {
        need(sheet.closed.is_some(), "the day of its end");
        let is_done = sheet.actions.iter().all(|action| action.done.is_some());
        need(is_done, "each action done");
    }
    faults
}

fn too_long(sheet: &Sheet) -> Option<String> {
    let words = super::text(sheet).split_whitespace().count();
    (words > MOST_WORDS).then(|| format!("{words} words, more than {MOST_WORDS}"))
}

/// Commits and tests that are not there, or in the wrong order.
fn lost(root: &Path, reproduction: &Reproduction) -> Result<Vec<String>> {
    let Reproduction { fault, fix, .. } = reproduction;
    let mut faults = Vec::new();

    // An archive of the sources has no history to ask.
    if has_history(root) {
        for (first, second) in [(fault.as_str(), fix.as_str()), (fix, "HEAD")] {
            if !precedes(root, first, second) {
                faults.push(format!("`{first}` is no commit before `{second}`"));
            }
        }
    }

    let today = reproduction.today();
    let folder = format!("crates/{}", today.package.trim_start_matches("filrouge-"));
    let last = today.name.rsplit("::").next().unwrap_or(&today.name);
    let mut is_there = false;
    for path in files::listed(root, &[&format!("{folder}/**/*.rs")])? {
        is_there |= files::read(root, &path)?.contains(&format!("fn {last}("));
    }
    if !is_there {
        faults.push(format!(
            "`{last}` is no test of `{folder}` any more: say where it is `today`"
        ));
    }
    Ok(faults)
}

fn without_answer(root: &Path, sheets: &[Sheet], fault: &PlantedFault) -> Vec<String> {
    let mut faults = Vec::new();
    if !root.join(fault.patch()).is_file() {
        faults.push(format!("`{}` is not there", fault.patch()));
    }
    if !sheets.iter().any(|sheet| sheet.name == fault.incident) {
        faults.push(format!("`{}` is the fault of no incident", fault.patch()));
    }
    faults
}

fn has_history(root: &Path) -> bool {
    let mut git = git(root);
    let output = git.args(["rev-parse", "--is-shallow-repository"]).output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"false")
}

fn precedes(root: &Path, first: &str, second: &str) -> bool {
    let mut git = git(root);
    git.args(["merge-base", "--is-ancestor", first, second]);
    git.output().is_ok_and(|output| output.status.success())
}

fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rest: &str) -> Sheet {
        let head = "title = 'T'\nseverity = 'S'\ncomponent = 'C'\nopened = '2026-11-30'\nsummary = 's'\ndetection = 'd'\nscope = 'p'\ntimeline = []\n";
        toml::from_str(&format!("{head}{rest}")).unwrap()
    }

    #[test]
    fn the_state_of_a_sheet_says_what_it_must_hold() {
        assert_eq!(unfinished(&sheet("state = 'ouvert'")), [""; 0]);
        assert_eq!(unfinished(&sheet("state = 'résolu'")).len(), 5);

        let closed = "state = 'clos'\nactions = [{ what = 'a', due = '2026-12-01' }]";
        let told = unfinished(&sheet(closed)).join("\n");
        assert!(told.contains("clos needs each action done"), "{told}");
        assert!(told.contains("clos needs the day of its end"), "{told}");
    }

    // Preuve: C21.5 chaque fiche nomme des commits de l’historique et un test d’aujourd’hui
    #[test]
    fn the_sheets_and_the_repository_agree() {
        assert_eq!(faults(&crate::root()).unwrap(), [""; 0]);
        assert!(sheet::read_all(&crate::root()).unwrap().len() >= 4);
    }
}
