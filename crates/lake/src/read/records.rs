use std::collections::VecDeque;
use std::io::{self, BufRead};

use filrouge_bounded::{LINE_BYTES, Line, read_line};

/// Reads separated records one by one and knows the line each begins at. The separator is the one
/// that cuts the first line into most fields.
///
/// A quoted field may hold commas, doubled quotes and line ends. When a quote is never closed,
/// its line alone is given up and reading goes on with the next, so that one stray quote does not
/// swallow the rest of a file.
pub(super) struct Records<R> {
    reader: R,
    /// Lines read too far, in search of a closing quote.
    pending: VecDeque<LineRead>,
    next_line: u32,
    /// Known from the first line on.
    separator: Option<u8>,
    record: Record,
}

/// Separators looked for; a comma when none is there.
const SEPARATORS: [u8; 4] = [b'|', b'\t', b';', b','];

/// One record: the bytes of its fields, unquoted, one after the other.
#[derive(Default)]
pub(super) struct Record {
    /// The line of the file it begins at, from 1.
    pub(super) line: u32,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    starts: Vec<usize>,
}

/// A record that is not CSV.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotCsv {
    pub(super) line: u32,
    pub(super) reason: &'static str,
}

/// Lines that a quoted field may span, of [`LINE_BYTES`] together.
const LONGEST_QUOTE: usize = 64;

/// A line as it was read; nothing is kept of one that is too long.
struct LineRead {
    bytes: Vec<u8>,
    is_too_long: bool,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn field(&self, index: usize) -> &[u8] {
        &self.bytes[self.starts[index]..self.ends[index]]
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.field(index))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.starts.clear();
        self.ends.clear();
    }

    fn end_field(&mut self, start: usize, end: usize) {
        self.starts.push(start);
        self.ends.push(end);
    }

    /// Splits a line without any quote: its bytes are the fields.
    fn split_plain(&mut self, line: &[u8], separator: u8) {
        self.bytes.extend_from_slice(line);
        let mut start = 0;
        for (position, _) in line
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == separator)
        {
            self.end_field(start, position);
            start = position + 1;
        }
        self.end_field(start, line.len());
    }

    /// Splits the first line of a record with quotes; answers whether the last one is closed.
    fn split_quoted(&mut self, line: &[u8], separator: u8) -> bool {
        match line.strip_prefix(b"\"") {
            Some(rest) => self.split_from(0, true, rest, separator),
            None => self.split_from(0, false, line, separator),
        }
    }

    /// Goes on with the field that the line before left open; `end` is the end of that line.
    fn go_on(&mut self, end: &[u8], line: &[u8], separator: u8) -> bool {
        self.ends.pop();
        let start = self.starts.pop().unwrap_or(0);
        self.bytes.extend_from_slice(end);
        self.split_from(start, true, line, separator)
    }

    /// Splits a line whose first field began at `start`, inside quotes or not.
    fn split_from(
        &mut self,
        mut start: usize,
        mut quoted: bool,
        line: &[u8],
        separator: u8,
    ) -> bool {
        let mut rest = line.iter().copied().peekable();

        while let Some(byte) = rest.next() {
            match byte {
                b'"' if quoted => match rest.next_if_eq(&b'"') {
                    Some(_) => self.bytes.push(b'"'),
                    None => quoted = false,
                },
                byte if byte == separator && !quoted => {
                    self.end_field(start, self.bytes.len());
                    start = self.bytes.len();
                    quoted = rest.next_if_eq(&b'"').is_some();
                }
                other => self.bytes.push(other),
            }
        }

        self.end_field(start, self.bytes.len());
        !quoted
    }
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            pending: VecDeque::new(),
            next_line: 1,
            separator: None,
            record: Record::default(),
        }
    }

    /// The separator of fields, once a record was read.
    pub(super) fn separator(&self) -> u8 {
        self.separator.unwrap_or(b',')
    }

    /// The next record; `None` at the end of the file. Blank lines are passed over.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<&Record, NotCsv>>> {
        loop {
            let Some(line) = self.line()? else {
                return Ok(None);
            };
            let number = self.next_line;

            self.next_line += 1;
            let LineRead {
                bytes: line,
                is_too_long,
            } = line;
            if is_too_long {
                return Ok(Some(Err(NotCsv {
                    line: number,
                    reason: "longer than any line of text",
                })));
            }

            if without_end(&line).iter().all(u8::is_ascii_whitespace) {
                continue;
            }

            self.record.clear();
            self.record.line = number;

            let separator = *self
                .separator
                .get_or_insert_with(|| separator(without_end(&line)));

            if !line.contains(&b'"') {
                self.record.split_plain(without_end(&line), separator);
            } else if !self.quoted(&line, separator)? {
                return Ok(Some(Err(NotCsv {
                    line: number,
                    reason: "a quote is never closed",
                })));
            }

            return Ok(Some(Ok(&self.record)));
        }
    }

    /// Splits a record whose quoted fields may go on over the lines that follow.
    fn quoted(&mut self, first: &[u8], separator: u8) -> io::Result<bool> {
        let mut taken: Vec<LineRead> = Vec::new();
        let mut length = first.len() as u64;
        let mut end = line_end(first).to_vec();
        let mut is_closed = self.record.split_quoted(without_end(first), separator);

        while !is_closed {
            let is_long = length > LINE_BYTES || taken.len() == LONGEST_QUOTE;
            let more = if is_long { None } else { self.line()? };

            match more {
                Some(more) if !more.is_too_long => {
                    let line = without_end(&more.bytes);
                    is_closed = self.record.go_on(&end, line, separator);
                    end = line_end(&more.bytes).to_vec();
                    length += more.bytes.len() as u64;
                    taken.push(more);
                }
                more => {
                    // The lines read in search of the quote are records of their own.
                    let lines = taken.into_iter().chain(more);
                    self.pending = lines.chain(self.pending.drain(..)).collect();
                    return Ok(false);
                }
            }
        }

        self.next_line += u32::try_from(taken.len()).unwrap_or(u32::MAX);
        Ok(true)
    }

    fn line(&mut self) -> io::Result<Option<LineRead>> {
        if let Some(line) = self.pending.pop_front() {
            return Ok(Some(line));
        }

        let mut bytes = Vec::with_capacity(256);
        let is_too_long = match read_line(&mut self.reader, &mut bytes)? {
            Line::End => return Ok(None),
            Line::Whole => false,
            Line::TooLong => {
                // Told, and not kept: a few kilobytes of lines would make megabytes of memory.
                bytes = Vec::new();
                true
            }
        };
        Ok(Some(LineRead { bytes, is_too_long }))
    }
}

fn separator(line: &[u8]) -> u8 {
    let fields = |separator: &u8| {
        let mut record = Record::default();
        record.split_quoted(line, *separator);
        record.len()
    };
    // The last of equals wins: a line of one field is separated by commas.
    SEPARATORS.into_iter().max_by_key(fields).unwrap_or(b',')
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The end of a line: `\n`, `\r\n`, or nothing at the end of a file.
fn line_end(line: &[u8]) -> &[u8] {
    &line[without_end(line).len()..]
}

#[cfg(test)]
mod tests;
