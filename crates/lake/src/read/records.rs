use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// Reads separated records one by one and knows the line each begins at. The separator is the one
/// that cuts the first line into most fields.
///
/// A quoted field may hold commas, doubled quotes and line ends. When a quote is never closed,
/// its line alone is given up and reading goes on with the next, so that one stray quote does not
/// swallow the rest of a file.
pub(super) struct Records<R> {
    reader: R,
    /// Lines read too far, in search of a closing quote.
    pending: VecDeque<Vec<u8>>,
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

/// Lines that a quoted field may span.
const LONGEST_QUOTE: usize = 64;
/// Bytes of one line; a longer one is no text.
const LONGEST_LINE: u64 = 1 << 20;

impl Record {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
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

    /// Splits a line with quotes; answers whether the last one is closed.
    fn split_quoted(&mut self, line: &[u8], separator: u8) -> bool {
        let mut rest = line.iter().copied().peekable();
        let mut start = 0;
        let mut quoted = rest.next_if_eq(&b'"').is_some();

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
            if without_end(&line).iter().all(u8::is_ascii_whitespace) {
                continue;
            }

            // Split again from its start: the quote closes on a later line.
            self.record.clear();
            self.record.line = number;

            if line.len() as u64 >= LONGEST_LINE {
                return Ok(Some(Err(NotCsv {
                    line: number,
                    reason: "longer than any line of text",
                })));
            }

            let separator = *self
                .separator
                .get_or_insert_with(|| separator(without_end(&line)));

            if !line.contains(&b'"') {
                self.record.split_plain(without_end(&line), separator);
            } else if !self.quoted(line, separator)? {
                return Ok(Some(Err(NotCsv {
                    line: number,
                    reason: "a quote is never closed",
                })));
            }

            return Ok(Some(Ok(&self.record)));
        }
    }

    /// Splits a record whose quoted fields may go on over the lines that follow.
    fn quoted(&mut self, first: Vec<u8>, separator: u8) -> io::Result<bool> {
        let mut text = first;
        let mut taken = Vec::new();

        while !self.record.split_quoted(without_end(&text), separator) {
            self.record.clear();
            let more = if taken.len() < LONGEST_QUOTE {
                self.line()?
            } else {
                None
            };
            let Some(more) = more else {
                // The lines read in search of the quote are records of their own.
                self.pending = taken.into_iter().chain(self.pending.drain(..)).collect();
                return Ok(false);
            };

            text.extend_from_slice(&more);
            taken.push(more);
        }

        self.next_line += u32::try_from(taken.len()).unwrap_or(u32::MAX);
        Ok(true)
    }

    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.pending.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Vec::with_capacity(256);
        let length = self
            .reader
            .by_ref()
            // A binary file has no line end: it must not be read whole into memory.
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        Ok((length > 0).then_some(line))
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

#[cfg(test)]
mod tests;
