use encoding_rs::WINDOWS_1252;
use filrouge_prerequisites as prerequisites;
use proptest::prelude::*;

use std::io::Cursor;

use super::*;
use crate::fuzz::fuzz;
use crate::source::file::archive;

/// The counts of a table, and what is said of it.
fn read_all(body: &[u8]) -> Result<(Vec<Count>, Table)> {
    let mut counts = Vec::new();
    let table = read(&mut Cursor::new(body), &columns(), |count| {
        counts.push(count);
        Ok(())
    })?;
    Ok((counts, table))
}

fn columns() -> Columns {
    Columns {
        counter_id: "Identifiant du compteur".to_owned(),
        hour_local: "Date et heure de comptage".to_owned(),
        count: "Comptage horaire".to_owned(),
    }
}

fn count(counter_id: &str, hour_local: &str, count: i64) -> Count {
    Count {
        counter_id: Some(counter_id.to_owned()),
        hour_local: Some(hour_local.to_owned()),
        count: Some(Number::from(count)),
    }
}

// Preuve: C1.4 toutes les variantes d'un même fichier donnent les mêmes comptages
#[test]
fn every_variant_of_one_table_gives_the_same_counts() {
    let expected = [
        count("Été 1", "2026-03-01T08:00:00", 1_200),
        count("Été 1", "2026-03-01T09:00:00", 7),
    ];
    let french = "Identifiant du compteur;Date et heure de comptage;Comptage horaire\n\
                  Été 1;01/03/2026 08:00;1 200,0\nÉté 1;01/03/2026 09h00;7,0\n";
    let reordered = "\"Comptage horaire\",\"Identifiant du compteur\",\"Date et heure de comptage\"\n\
                     \"1200\",\"Été 1\",\"2026-03-01 08:00\"\n\"7.0\",\"Été 1\",\"2026-03-01T09:00:00\"\n";
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(french.as_bytes());
    for body in [
        french.as_bytes(),
        &marked,
        &WINDOWS_1252.encode(french).0,
        reordered.as_bytes(),
    ] {
        let (counts, table) = read_all(body).unwrap();
        assert_eq!(counts, expected, "{:?}", table.decisions);
        assert_eq!(table.notes, [""; 0]);
    }
}

#[test]
fn decisions_are_told() {
    let body = b"Identifiant du compteur;Date et heure de comptage;Comptage horaire\n\xe9;01/03/2026 08:00;12,5\n";
    let (counts, table) = read_all(body).unwrap();
    let expected = [
        "encoding: ISO-8859-1",
        "separator: ;",
        "no field quoted",
        "decimal sign: comma",
        "instants: %d/%m/%Y %H:%M (1 lines)",
    ];
    assert_eq!(table.decisions, expected);
    assert_eq!(counts[0].count, Number::from_f64(12.5));
}

#[test]
fn a_column_that_was_renamed_is_named_with_those_there_are() {
    let error = read_all(b"Identifiant du compteur;Date;Comptage horaire\n")
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "the header has no column `Date et heure de comptage`, only: Identifiant du compteur, Date, Comptage horaire"
    );
}

#[test]
fn what_cannot_be_read_is_null_and_counted() {
    let body = "Identifiant du compteur;Date et heure de comptage;Comptage horaire\nA;hier;?\n;01/03/2026 08:00;\n";
    let (counts, table) = read_all(body.as_bytes()).unwrap();
    assert_eq!((counts.len(), table.rows), (2, 2));
    let expected = [
        "counter_id is empty or cannot be read on 1 lines",
        "hour_local is empty or cannot be read on 1 lines",
        "count is empty or cannot be read on 2 lines",
    ];
    assert_eq!(table.notes, expected);
}

#[test]
fn counters_in_the_columns_of_paris_are_read_whole() {
    let sample = include_bytes!("../../../../../../tests/samples/counters/comptage.csv");
    let (counts, table) = read_all(sample).unwrap();

    assert_eq!((counts.len(), table.notes.len()), (24, 0));
    assert_eq!(counts[0], count("9001-1", "2021-09-01T00:00:00+02:00", 3));
}

#[test]
fn the_real_counters_of_paris_are_read_whole() {
    let file = "counters-paris/comptage-velo-donnees-compteurs.head.csv";
    let Some(path) = prerequisites::real_data(file) else {
        return;
    };

    let (counts, table) = read_all(&std::fs::read(path).unwrap()).unwrap();

    assert!(counts.len() >= 20 && table.notes.is_empty());
    assert_eq!(
        counts[0],
        count("100003096-353242251", "2021-09-01T03:00:00+02:00", 3)
    );
}

#[test]
fn a_quote_that_is_never_closed_and_a_header_without_end_are_refused() {
    let header = "Identifiant du compteur;Date et heure de comptage;Comptage horaire";
    for (body, says) in [
        (
            format!("{header}\n\"{}", "A;2026-03-01 08:00;1\n".repeat(100_000)),
            "a record is longer than 1048576 bytes",
        ),
        (
            format!("{header}{}\n", ";x".repeat(5_000)),
            "the header has 5003 columns, more than 4096",
        ),
    ] {
        let error = format!("{:#}", read_all(body.as_bytes()).err().unwrap());
        assert!(error.contains(says), "{error}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_all(&body);
        let header = b"Identifiant du compteur;Date et heure de comptage;Comptage horaire\n".as_slice();
        let _ = read_all(&[header, &body].concat());
    }
}

#[test]
fn fuzz_counters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("received");

    fuzz("counters", |body| {
        std::fs::write(&path, body).unwrap();
        if let Ok((mut content, _)) = archive::open(&path, 1 << 20) {
            let _ = read(&mut content, &columns(), |_| Ok(()));
        }
    });
}
