use std::fs;
use std::path::PathBuf;

use crate::files::Folder;

/// Three years of a real system, in the shapes they were published.
const DATA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/trips-edinburgh"
);

// Preuve: C1.4 tout l'historique réel est récupéré, chaque ligne comptée (gardées + rejetées = lues)
#[test]
fn every_row_of_a_real_history_is_accounted_for() {
    let Ok(entries) = fs::read_dir(DATA) else {
        println!("{DATA} is absent: nothing to read");
        return;
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let folder = Folder::new();

    let report = folder.ingest(&files).unwrap();

    println!(
        "{} files: {} rows read, {} kept, {} rejected",
        files.len(),
        report.read(),
        report.kept(),
        report.rejected()
    );

    assert_eq!(report.files.len(), 25);
    assert_eq!(
        (report.read(), report.kept(), report.rejected()),
        (218_608, 218_608, 0)
    );

    assert!(
        report
            .files
            .iter()
            .all(|file| file.unreadable_starts == 0 && file.date_formats == ["ISO 8601"])
    );

    assert_eq!(
        folder.query("SELECT COUNT(*), COUNT(ended_at), COUNT(start_latitude) FROM trips"),
        ["218608,218608,218608"]
    );
}
