//! Histories in the shapes of a real system: a sample of our own making, then the real one where it
//! is at hand.

use std::fs;
use std::path::{Path, PathBuf};

use filrouge_prerequisites as prerequisites;

use crate::files::Folder;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();

    files
}

// Preuve: C1.4 un historique entier est récupéré, chaque ligne comptée (gardées + rejetées = lues)
#[test]
fn every_row_of_a_history_is_accounted_for() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/trips");

    every_row_is_kept(&files(Path::new(samples)), 283);
}

#[test]
fn every_row_of_a_real_history_is_accounted_for() {
    if let Some(folder) = prerequisites::real_data("trips-edinburgh") {
        every_row_is_kept(&files(&folder), 218_608);
    }
}

fn every_row_is_kept(files: &[PathBuf], rows: u64) {
    let folder = Folder::new();
    let report = folder.ingest(files).unwrap();

    assert_eq!(report.files.len(), files.len());
    assert_eq!(
        (report.read(), report.kept(), report.rejected()),
        (rows, rows, 0)
    );

    assert!(
        report
            .files
            .iter()
            .all(|file| file.unreadable_starts == 0 && file.date_formats == ["ISO 8601"])
    );

    assert_eq!(
        folder.query("SELECT COUNT(*), COUNT(ended_at), COUNT(start_latitude) FROM trips"),
        [format!("{rows},{rows},{rows}")]
    );
}
