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
        // Regularity first: a text with commas cuts into many, but never the same number.
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
mod tests;
