use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord, Terminator};
use filrouge_bounded::{Allowance, Progress, Records, TABLE_COLUMNS};
use flate2::bufread::MultiGzDecoder;

use super::cell::Cell;
use super::fields::FieldReader;
use crate::{DatasetError, FilePosition};

// RFC 1952, section 2.3.1.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a CSV file with a header, plain or gzip, row by row.
pub(super) fn read(path: &Path, fields: &mut FieldReader) -> Result<(), DatasetError> {
    let file = File::open(path).map_err(|error| fields.unreadable(&error))?;
    let length = file
        .metadata()
        .map_err(|error| fields.unreadable(&error))?
        .len();

    let allowance = Allowance::of_file(length);
    let mut file = BufReader::with_capacity(1 << 16, file);
    let gzip = file
        .fill_buf()
        .map_err(|error| fields.unreadable(&error))?
        .starts_with(&GZIP);

    match gzip {
        // Several members may follow one another (RFC 1952, section 2.2): a plain decoder stops at
        // the end of the first.
        true => read_text(allowance.reader(MultiGzDecoder::new(file)), fields),
        false => read_text(file, fields),
    }
}

fn read_text(text: impl Read, fields: &mut FieldReader) -> Result<(), DatasetError> {
    let mut lines = Lines::new(text);
    let mut record = StringRecord::new();

    let names: Vec<String> = match lines.next(&mut record, fields)? {
        Some(_) => record
            .iter()
            // Spreadsheets put a byte order mark before the first name.
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
            .collect(),
        None => Vec::new(),
    };

    if names.len() > TABLE_COLUMNS {
        let reason = format!(
            "the header has {} columns, more than {TABLE_COLUMNS}",
            names.len()
        );
        return Err(fields.unreadable(&reason));
    }
    let places = fields.locate(&names)?;

    while let Some(line) = lines.next(&mut record, fields)? {
        if record.len() != names.len() {
            let reason = format!(
                "line {line} has {} fields, the header has {}",
                record.len(),
                names.len()
            );
            return Err(fields.unreadable(&reason));
        }

        for (field, column) in places.iter().enumerate() {
            match column.and_then(|column| record.get(column)) {
                Some(text) => {
                    fields.push(field, Cell::from_text(text), FilePosition::Line(line))?
                }
                None => fields.push_absent(field, 1),
            }
        }
    }

    Ok(())
}

/// The records of a text, each with the line it begins at.
struct Lines<R> {
    reader: Reader<Records<std::io::Chain<R, &'static [u8]>>>,
    progress: Progress,
}

impl<R: Read> Lines<R> {
    /// Records end with `\n` alone, and the file with one more, so that the line of a record can be
    /// told exactly: `csv` itself looks past neither `\r\n` nor blank lines. Cells are trimmed
    /// later.
    fn new(text: R) -> Self {
        let mut builder = ReaderBuilder::new();
        builder
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'));
        let (text, progress) = Records::new(text.chain(b"\n".as_slice()));

        Self {
            reader: builder.from_reader(text),
            progress,
        }
    }

    /// Reads the next record that is not a blank line; answers the line it begins at.
    fn next(
        &mut self,
        record: &mut StringRecord,
        fields: &FieldReader,
    ) -> Result<Option<u64>, DatasetError> {
        let unreadable = |error| fields.unreadable(&error);

        while self.reader.read_record(record).map_err(unreadable)? {
            self.progress.next();
            let is_blank = record.len() == 1 && record[0].trim().is_empty();
            if is_blank {
                continue;
            }

            // A quoted field may hold several lines; the reader is at the end of the last.
            let bytes = record.as_slice().bytes();
            let inside = bytes.filter(|&byte| byte == b'\n').count() as u64;
            return Ok(Some(self.reader.position().line() - 1 - inside));
        }

        Ok(None)
    }
}
