use std::io::{self, BufRead};

use crate::LINE_BYTES;

/// The line that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// There was none: the text is over.
    End,
    /// A whole line, with its end when it has one.
    Whole,
    /// The start of a line longer than [`LINE_BYTES`]; its rest was passed over.
    TooLong,
}

/// Reads the next line into `line`, whose content is replaced.
///
/// # Errors
/// Those of the reader.
pub fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    let most = usize::try_from(LINE_BYTES).unwrap_or(usize::MAX);
    let mut outcome = Line::Whole;
    line.clear();

    loop {
        let buffer = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        if buffer.is_empty() {
            let is_over = line.is_empty() && outcome == Line::Whole;
            return Ok(if is_over { Line::End } else { outcome });
        }

        let end = buffer.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        let kept = length.min(most - line.len());
        line.extend_from_slice(&buffer[..kept]);
        if kept < length {
            outcome = Line::TooLong;
        }

        reader.consume(length);
        if end.is_some() {
            return Ok(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    #[test]
    fn the_rest_of_a_line_that_is_too_long_is_no_line_of_its_own() {
        let long = "x".repeat(3 << 20);
        let text = format!("one\n{long}\n\ntwo");
        let mut reader = BufReader::with_capacity(1000, Cursor::new(text));
        let mut line = Vec::new();

        let mut next = || {
            let outcome = read_line(&mut reader, &mut line).unwrap();
            (outcome, line.len(), line.first().copied())
        };

        assert_eq!(next(), (Line::Whole, 4, Some(b'o')));
        assert_eq!(next(), (Line::TooLong, 1 << 20, Some(b'x')));
        assert_eq!(next(), (Line::Whole, 1, Some(b'\n')));
        assert_eq!(next(), (Line::Whole, 3, Some(b't')));
        assert_eq!(next(), (Line::End, 0, None));
    }
}
