//! The dialect of a CSV file: encoding and separator, decided from the bytes.

use std::io::{self, Read, Seek};

use csv::ReaderBuilder;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use filrouge_bounded::Utf8;

/// How a table is to be read, with the decisions that were taken.
pub(super) struct Dialect {
    encoding: &'static Encoding,
    pub(super) separator: u8,
    pub(super) decisions: Vec<String>,
}

/// Separators by order of preference: a French file has commas inside its numbers.
const SEPARATORS: [u8; 4] = [b';', b'\t', b'|', b','];

/// Records looked at to choose the separator, and the bytes that they may take.
const SAMPLE: usize = 50;
const SAMPLE_BYTES: usize = 1 << 18;

impl Dialect {
    /// Decides how to read `table`, which may be larger than memory.
    pub(super) fn detect(table: &mut (impl Read + Seek)) -> io::Result<Self> {
        table.rewind()?;
        let bytes = Bytes::scan(table)?;
        let (encoding, encoding_name) = bytes.encoding();
        let separator = separator(&sample(table, encoding)?);

        let name = if separator == b'\t' {
            "tab".to_owned()
        } else {
            char::from(separator).to_string()
        };
        let quoted = if bytes.has_quotes {
            "some fields quoted"
        } else {
            "no field quoted"
        };
        let decisions = vec![
            format!("encoding: {encoding_name}"),
            format!("separator: {name}"),
            quoted.to_owned(),
        ];

        Ok(Self {
            encoding,
            separator,
            decisions,
        })
    }

    /// The text of `table`, from its start.
    pub(super) fn text<R: Read + Seek>(&self, mut table: R) -> io::Result<Utf8<R>> {
        table.rewind()?;
        Ok(Utf8::new(table, self.encoding))
    }
}

/// The encoding that the bytes of a whole file show.
#[derive(Default)]
struct Bytes {
    /// The first ones, where a byte order mark stands.
    start: Vec<u8>,
    is_not_utf_8: bool,
    /// Some are letters of Windows-1252 that ISO-8859-1 lacks.
    has_letters: bool,
    has_quotes: bool,
}

impl Bytes {
    fn scan(table: &mut impl Read) -> io::Result<Self> {
        let mut bytes = Self::default();
        let mut piece = vec![0; 1 << 16];
        // A character cut by the end of a piece is judged with the next one.
        let mut cut = Vec::new();

        loop {
            let read = table.read(&mut piece)?;
            if read == 0 {
                bytes.is_not_utf_8 |= !cut.is_empty();
                return Ok(bytes);
            }
            let piece = &piece[..read];
            if bytes.start.len() < 3 {
                bytes.start.extend(piece.iter().take(3));
            }
            bytes.has_letters |= piece.iter().any(|byte| (0x80..0xa0).contains(byte));
            bytes.has_quotes |= piece.contains(&b'"');

            cut.extend_from_slice(piece);
            cut = bytes.judge_utf_8(cut);
        }
    }

    /// Judges `text`; gives the bytes of the character that it is cut in.
    fn judge_utf_8(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        match std::str::from_utf8(&text) {
            Err(error) if error.error_len().is_none() => text.split_off(error.valid_up_to()),
            judged => {
                self.is_not_utf_8 |= judged.is_err();
                Vec::new()
            }
        }
    }

    fn encoding(&self) -> (&'static Encoding, &'static str) {
        if let Some((encoding, _)) = Encoding::for_bom(&self.start) {
            let name = if encoding == UTF_8 {
                "UTF-8 with a byte order mark"
            } else {
                encoding.name()
            };
            return (encoding, name);
        }

        if !self.is_not_utf_8 {
            return (UTF_8, "UTF-8");
        }

        // Bytes 0x80 to 0x9F are invisible controls in ISO-8859-1, letters and signs in
        // Windows-1252; elsewhere the two agree, so that one decoder serves both.
        let name = if self.has_letters {
            "Windows-1252"
        } else {
            "ISO-8859-1"
        };
        (WINDOWS_1252, name)
    }
}

/// The first lines of the text.
fn sample(table: &mut (impl Read + Seek), encoding: &'static Encoding) -> io::Result<String> {
    table.rewind()?;
    let mut bytes = Vec::new();
    Utf8::new(table, encoding)
        .take(SAMPLE_BYTES as u64)
        .read_to_end(&mut bytes)?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned();

    // A line that is cut has fewer fields than the others.
    if bytes.len() == SAMPLE_BYTES
        && let Some(end) = text.rfind('\n')
    {
        text.truncate(end + 1);
    }
    Ok(text)
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
