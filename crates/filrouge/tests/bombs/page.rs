//! The tables of the page beside what the program does.

use std::path::Path;

use filrouge_bounded::{
    ARCHIVE_ENTRIES, DOCUMENT_BYTES, GROWTH, GROWTH_FLOOR_BYTES, JSON_TREE_BYTES, LINE_BYTES,
    TABLE_COLUMNS,
};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/collecte.md");
    std::fs::read_to_string(path).unwrap()
}

/// Whether the table of what must happen has a row for it.
pub(crate) fn has_row(name: &str) -> bool {
    page().contains(&format!("\n| {name} | "))
}

/// A number as the French write it.
fn french(number: u64) -> String {
    let digits = number.to_string();
    match digits.len() {
        ..=3 => digits,
        length => format!("{} {}", &digits[..length - 3], &digits[length - 3..]),
    }
}

#[test]
fn the_limits_of_the_page_are_those_of_the_code() {
    let mebibytes = |bytes: u64| format!("{} Mio", bytes >> 20);
    let growth = format!(
        "{GROWTH} fois sa taille, et au moins {}",
        mebibytes(GROWTH_FLOOR_BYTES)
    );

    for (read, limit) in [
        (
            "un document JSON, une page HTML, décompressés",
            mebibytes(DOCUMENT_BYTES),
        ),
        (
            "un document JSON, en mémoire",
            mebibytes(JSON_TREE_BYTES) + ", 128 niveaux",
        ),
        (
            "ce que devient un fichier compressé, tout ce qu’il contient compris",
            growth,
        ),
        (
            "une archive zip",
            french(ARCHIVE_ENTRIES)
                + " fichiers, qui ne se recouvrent pas ; deux archives l’une dans l’autre",
        ),
        (
            "une ligne de texte, un enregistrement CSV",
            mebibytes(LINE_BYTES),
        ),
        ("les colonnes d’une table", french(TABLE_COLUMNS as u64)),
    ] {
        let row = format!("| {read} | {limit} |");
        assert!(
            page().contains(&row),
            "docs/collecte.md lacks the row\n{row}"
        );
    }
}
