//! Files of reports: each way they are written is read, each fault is named with its line.

use chrono::NaiveDate;
use encoding_rs::WINDOWS_1252;
use filrouge_triage::{RiderReport, parse_reports};

fn read(text: &str) -> Vec<RiderReport> {
    parse_reports(text.as_bytes()).unwrap()
}

fn fault(bytes: &[u8]) -> String {
    parse_reports(bytes).unwrap_err().to_string()
}

#[test]
fn columns_separators_and_encodings_are_recognised() {
    let expected = RiderReport {
        text: "Frein cassé, à l’arrière".to_owned(),
        category: "défaut".to_owned(),
        date: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        city: "Évry".to_owned(),
        line: 2,
    };
    let comma = "text,category,date,city\n\"Frein cassé, à l’arrière\",défaut,2026-03-01,Évry\n";
    let semicolon =
        "City;Text;Other;Date;Category\r\nÉvry;Frein cassé, à l’arrière;;01/03/2026;défaut\r\n";
    let wide: Vec<u16> = std::iter::once(0xfeff)
        .chain(comma.encode_utf16())
        .collect();

    for bytes in [
        comma.as_bytes().to_vec(),
        format!("\u{feff}{comma}").into_bytes(),
        comma
            .replace(',', "\t")
            .replace("cassé\t", "cassé,")
            .into_bytes(),
        semicolon.as_bytes().to_vec(),
        WINDOWS_1252.encode(semicolon).0.into_owned(),
        wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
    ] {
        assert_eq!(
            parse_reports(&bytes).unwrap(),
            std::slice::from_ref(&expected)
        );
    }
}

#[test]
fn a_report_of_several_lines_counts_them() {
    let reports =
        read("text,category,date,city\n\"un\ndeux\",a,2026-03-01,\ntrois,b,2026-03-02,Lyon\n");
    assert_eq!(reports[0].text, "un\ndeux");
    assert_eq!(
        reports.iter().map(|report| report.line).collect::<Vec<_>>(),
        [2, 4]
    );
}

#[test]
fn letters_that_a_person_really_typed_are_kept() {
    let reports = read("text,category,date,city\nfrein \u{fffd}\u{7f}🚲,a,2026-03-01,Lyon\n");
    assert_eq!(reports[0].text, "frein \u{fffd}\u{7f}🚲");
}

#[test]
fn each_fault_names_its_line() {
    let header = "text,category,date,city\n";
    let line_of = |lines: &[u8]| fault(&[header.as_bytes(), lines].concat());
    let line = |line: &str| fault(format!("{header}frein,a,2026-03-01,Lyon\n{line}\n").as_bytes());

    for (found, expected) in [
        (fault(b""), "ligne 1 : le fichier est vide"),
        (fault(header.as_bytes()), "aucun signalement"),
        (
            fault(b"texte,category,date,city\nx,a,2026-03-01,Lyon\n"),
            "ligne 1 : il manque la colonne `text`",
        ),
        (
            fault(b"text,category,date,city,Text\n"),
            "ligne 1 : la colonne `text` y est deux fois",
        ),
        (
            line(" ,a,2026-03-01,Lyon"),
            "ligne 3 : la colonne `text` est vide",
        ),
        (
            line("frein,,2026-03-01,Lyon"),
            "ligne 3 : la colonne `category` est vide",
        ),
        (
            line("frein,a,hier,Lyon"),
            "ligne 3 : `hier` n’est pas une date",
        ),
        (
            line("frein,a,2026-03-01"),
            "ligne 3 : 3 colonnes au lieu de 4",
        ),
        (
            line(&format!("\"{}", "frein\n".repeat(20_000))),
            "un guillemet n’est sans doute jamais refermé",
        ),
        (
            fault(b"text,category,date,city\nfrein\x81,a,2026-03-01,Lyon\n"),
            "ligne 2 : l’encodage",
        ),
        (fault(b"t\0e\0x\0t\0"), "ligne 1 : l’encodage"),
        (
            // One file joined from two: « é » of UTF-8, then of Windows-1252.
            line_of(b"frein us\xc3\xa9,a,2026-03-01,Lyon\nfrein us\xe9,a,2026-03-01,Lyon\n"),
            "ligne 3 : cette ligne n’est pas en UTF-8",
        ),
    ] {
        assert!(found.contains(expected), "{found} instead of {expected}");
    }
}
