//! The dialect of a CSV file: encoding and separator, decided from the bytes.

use std::borrow::Cow;

use csv::ReaderBuilder;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// A table in text, with the decisions that were taken to read it.
pub(super) struct Dialect<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) separator: u8,
    pub(super) decisions: Vec<String>,
}

/// Separators by order of preference: a French file has commas inside its numbers.
const SEPARATORS: [u8; 4] = [b';', b'\t', b'|', b','];

/// Records looked at to choose the separator.
const SAMPLE: usize = 50;

impl<'a> Dialect<'a> {
    /// Decides how to read `body`.
    pub(super) fn detect(body: &'a [u8]) -> Self {
        let (text, encoding) = decode(body);
        let separator = separator(&text);
        let name = if separator == b'\t' {
            "tab".to_owned()
        } else {
            char::from(separator).to_string()
        };

        let quoted = if text.contains('"') {
            "some fields quoted"
        } else {
            "no field quoted"
        };
        let decisions = vec![
            format!("encoding: {encoding}"),
            format!("separator: {name}"),
            quoted.to_owned(),
        ];

        Self {
            text,
            separator,
            decisions,
        }
    }
}

fn decode(body: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Some((encoding, length)) = Encoding::for_bom(body) {
        let name = if encoding == UTF_8 {
            "UTF-8 with a byte order mark"
        } else {
            encoding.name()
        };

        return (
            encoding.decode_without_bom_handling(&body[length..]).0,
            name,
        );
    }

    if let Ok(text) = std::str::from_utf8(body) {
        return (Cow::Borrowed(text), "UTF-8");
    }

    // Bytes 0x80 to 0x9F are invisible controls in ISO-8859-1, letters and signs in Windows-1252;
    // elsewhere the two agree, so that one decoder serves both.
    let letters = body.iter().any(|byte| (0x80..0xa0).contains(byte));
    let name = if letters {
        "Windows-1252"
    } else {
        "ISO-8859-1"
    };

    (WINDOWS_1252.decode_without_bom_handling(body).0, name)
}

/// The separator that cuts the first records into the same number of fields, the more the better.
fn separator(text: &str) -> u8 {
    let score = |separator: &u8| {
        let mut reader = ReaderBuilder::new()
            .delimiter(*separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());

        let lengths: Vec<usize> = reader
            .records()
            .take(SAMPLE)
            .map_while(Result::ok)
            .map(|record| record.len())
            .collect();

        let fields = lengths.first().copied().unwrap_or_default();
        let regular = lengths.iter().all(|length| *length == fields);
        (fields > 1 && regular, fields)
    };

    // `max_by_key` keeps the last of equals: the order of preference is turned round.
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(score)
        .unwrap_or(b';')
}

#[cfg(test)]
mod tests {
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
        ] {
            let dialect = Dialect::detect(body);
            assert_eq!(dialect.decisions[0], format!("encoding: {name}"));
            assert_eq!(dialect.text, text);
        }
    }

    #[test]
    fn real_files_are_cut_into_the_same_number_of_fields_on_every_line() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

        for (path, columns) in [
            ("calendar-fr/jours_feries.csv", 3),
            ("calendar-fr/jours_feries_metropole.csv", 4),
            ("calendar-fr/vacances_scolaires.csv", 5),
            (
                "counters-paris/comptage-velo-donnees-compteurs.head.csv",
                16,
            ),
            ("counters-paris/synop_orly_3h_external_data.csv", 59),
        ] {
            let Ok(body) = std::fs::read(format!("{folder}/{path}")) else {
                println!("skipped: {folder}/{path} is absent");
                continue;
            };
            let dialect = Dialect::detect(&body);
            let mut reader = ReaderBuilder::new()
                .delimiter(dialect.separator)
                .from_reader(dialect.text.as_bytes());

            assert_eq!(reader.headers().unwrap().len(), columns, "{path}");

            let rows = reader
                .records()
                .collect::<Result<Vec<_>, _>>()
                .unwrap()
                .len();
            println!("{path}: {rows} rows; {}", dialect.decisions.join("; "));

            assert!(rows >= 20, "{path}");
        }
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
}
