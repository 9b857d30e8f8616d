use std::io::Cursor;
use std::path::Path;

use filrouge_prerequisites as prerequisites;

use super::*;

#[test]
fn the_encoding_is_told_by_the_bytes() {
    for (body, name, text) in [
        ("é;1".as_bytes(), "UTF-8", "é;1"),
        (
            b"\xef\xbb\xbf\xc3\xa9;1",
            "UTF-8 with a byte order mark",
            "é;1",
        ),
        (b"\xe9;1", "ISO-8859-1", "é;1"),
        (b"\x80\xe9;1", "Windows-1252", "€é;1"),
        (b"\xff\xfee\x00;\x00", "UTF-16LE", "e;"),
        (b"\xc3", "ISO-8859-1", "Ã"),
    ] {
        let mut table = Cursor::new(body);
        let dialect = Dialect::detect(&mut table).unwrap();
        assert_eq!(dialect.decisions[0], format!("encoding: {name}"));

        let mut read = String::new();
        let mut decoded = dialect.text(&mut table).unwrap();
        decoded.read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
    }
}

#[test]
fn a_character_between_two_pieces_of_the_file_is_still_utf_8() {
    for spaces in (1 << 16) - 3..=1 << 16 {
        let text = format!("{}🚲", " ".repeat(spaces));
        let dialect = Dialect::detect(&mut Cursor::new(text)).unwrap();
        assert_eq!(dialect.decisions[0], "encoding: UTF-8");
    }
}

#[test]
fn published_files_are_cut_into_the_same_number_of_fields_on_every_line() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples");

    for (path, columns) in [
        ("calendar-fr/jours_feries.csv", 3),
        ("calendar-fr/jours_feries_metropole.csv", 4),
        ("calendar-fr/vacances_scolaires.csv", 5),
        ("counters/comptage.csv", 16),
        ("counters/synop.csv", 10),
    ] {
        every_line_has(columns, &samples.join(path));
    }
}

#[test]
fn real_files_are_cut_into_the_same_number_of_fields_on_every_line() {
    for (path, columns) in [
        ("calendar-fr/jours_feries.csv", 3),
        ("calendar-fr/vacances_scolaires.csv", 5),
        (
            "counters-paris/comptage-velo-donnees-compteurs.head.csv",
            16,
        ),
        ("counters-paris/synop_orly_3h_external_data.csv", 59),
    ] {
        let Some(path) = prerequisites::real_data(path) else {
            return;
        };
        every_line_has(columns, &path);
    }
}

fn every_line_has(columns: usize, path: &Path) {
    let body = std::fs::read(path).unwrap();
    let mut table = Cursor::new(body);
    let dialect = Dialect::detect(&mut table).unwrap();
    let mut reader = ReaderBuilder::new()
        .delimiter(dialect.separator)
        .from_reader(dialect.text(table).unwrap());

    assert_eq!(
        reader.headers().unwrap().len(),
        columns,
        "{}",
        path.display()
    );

    // The reader refuses a line of another length.
    let rows = reader.records().collect::<Result<Vec<_>, _>>();
    assert!(rows.unwrap().len() >= 20, "{}", path.display());
}

#[test]
fn the_separator_is_the_one_that_cuts_every_record_alike() {
    for (text, expected) in [
        ("a;b\n1,5;2,5\n", b';'),
        ("a,b\n1.5,2.5\n", b','),
        ("a\tb\n1,5\t2,5\n", b'\t'),
        ("\"a;x\",b\n\"1;2\",3\n", b','),
        ("nom;valeur\n\"x, y, z\";1\n", b';'),
        ("seul\n1\n", b';'),
    ] {
        assert_eq!(separator(text), expected, "{text}");
    }
}
