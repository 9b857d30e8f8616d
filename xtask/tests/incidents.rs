//! The journal of incidents, laid beside the history of the repository.

#![expect(
    clippy::unwrap_used,
    reason = "without the journal or git, a test must fail"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use filrouge_prerequisites as prerequisites;

/// The commits that a row of the journal names.
struct Incident {
    date: String,
    /// Those that hold the red test.
    red: Vec<String>,
    /// Those that mend the fault.
    fix: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn git(arguments: &[&str]) -> Output {
    Command::new("git")
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

/// The whole history: a shallow clone has some of it, an archive none.
fn whole_history() -> Option<()> {
    prerequisites::program("git", "apt-get install git")?;
    let shallow = git(&["rev-parse", "--is-shallow-repository"]);
    let is_whole = shallow.status.success() && shallow.stdout.trim_ascii() == b"false";

    prerequisites::require(
        is_whole.then_some(()),
        "the whole history",
        "git fetch --unshallow",
    )
}

/// Short hashes among the code of a cell: `7b0e359`.
fn hashes(cell: &str) -> Vec<String> {
    let is_hash = |text: &&str| text.len() == 7 && u32::from_str_radix(text, 16).is_ok();
    cell.split('`').filter(is_hash).map(str::to_owned).collect()
}

fn incidents() -> Vec<Incident> {
    let text = std::fs::read_to_string(root().join("docs/incidents/journal.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| 20"));

    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [date, .., red, fix] = cells[..] else {
            panic!("a row of the journal lacks cells: {row}");
        };
        Incident {
            date: date.to_owned(),
            red: hashes(red),
            fix: hashes(fix),
        }
    })
    .collect()
}

// Preuve principale: C21.5 chaque correction que nomme le journal est un commit de l’historique [code : crates/database/src/import.rs]
#[test]
fn every_incident_has_its_fix_in_the_history() {
    let Some(()) = whole_history() else { return };
    let incidents = incidents();
    assert!(incidents.len() >= 15, "{} rows were read", incidents.len());

    for incident in &incidents {
        assert!(!incident.fix.is_empty(), "{}: no fix", incident.date);
        for commit in incident.red.iter().chain(&incident.fix) {
            let name = format!("{commit}^{{commit}}");
            let found = git(&["merge-base", "--is-ancestor", &name, "HEAD"]);
            assert!(found.status.success(), "{} {commit}", incident.date);
        }
    }
}

// Preuve: C21.2 le commit du test rouge, qui reproduit le problème, précède celui de la correction ou l’accompagne
#[test]
fn the_red_test_never_comes_after_the_fix() {
    let Some(()) = whole_history() else { return };

    let pairs: Vec<_> = incidents()
        .into_iter()
        .flat_map(|incident| {
            let last_fix = incident.fix.last().cloned().unwrap_or_default();
            let of_red = move |red| (incident.date.clone(), red, last_fix.clone());
            incident.red.into_iter().map(of_red)
        })
        .collect();
    assert!(pairs.len() >= 8, "{} pairs", pairs.len());

    for (date, red, fix) in pairs {
        let precedes = git(&["merge-base", "--is-ancestor", &red, &fix]);
        assert!(precedes.status.success(), "{date}: {red} then {fix}");
    }
}
