//! A small state: three stations, sixty days, one collection of subscribers.

use std::path::{Path, PathBuf};

use crate::program::{Program, write_clean_files};

pub(crate) const RUN: &str = "20260301T080000Z";

pub(crate) fn small_state() -> Program {
    let program = Program::new();
    fill(&program);
    program
}

pub(crate) fn fill(program: &Program) {
    write_clean_files(program);
    collection(program, RUN, "770041");
}

/// A collection that holds one subscriber.
pub(crate) fn collection(program: &Program, run_id: &str, subscriber: &str) {
    let line = format!("{{\"subscriber_number\":\"{subscriber}\"}}\n");
    program.write(&format!("state/raw/{run_id}/sql/subscribers.jsonl"), line);

    let manifest = format!(
        r#"{{"run_id":"{run_id}","profile":"test","program_version":"1","sources":[],
        "started_at":"2026-03-01T08:00:00Z","ended_at":"2026-03-01T08:00:01Z"}}"#
    );
    program.write(&format!("state/raw/{run_id}/manifest.json"), manifest);
}

/// Every file and folder under `folder`, itself included.
pub(crate) fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder).unwrap() {
            found.extend(walk(&entry.unwrap().path()));
        }
    }
    found
}
