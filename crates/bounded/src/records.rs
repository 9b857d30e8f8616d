use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::LINE_BYTES;

/// A text of records, for a reader that knows no bound of its own: it fails in the middle of a
/// record longer than [`LINE_BYTES`], such as one whose quote is never closed.
#[derive(Debug)]
pub struct Records<R> {
    text: R,
    left: Rc<Cell<u64>>,
}

/// Told that a record was read whole.
#[derive(Debug, Clone)]
pub struct Progress(Rc<Cell<u64>>);

impl<R: Read> Records<R> {
    /// The text, and the progress to tell.
    pub fn new(text: R) -> (Self, Progress) {
        let left = Rc::new(Cell::new(LINE_BYTES));
        let progress = Progress(Rc::clone(&left));
        (Self { text, left }, progress)
    }
}

impl Progress {
    /// A record was read whole: the next one may be as long.
    pub fn next(&self) {
        self.0.set(LINE_BYTES);
    }
}

impl<R: Read> Read for Records<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("a record is longer than {LINE_BYTES} bytes: is a quote never closed?"),
            )
        })?;

        self.left.set(left);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_without_records_runs_out() {
        let (mut records, progress) = Records::new(io::repeat(b'x'));
        let mut buffer = vec![0; 1 << 19];

        for _ in 0..4 {
            records.read_exact(&mut buffer).unwrap();
            progress.next();
        }

        let mut endless = || records.read_exact(&mut buffer);
        endless().unwrap();
        endless().unwrap();
        let error = endless().unwrap_err().to_string();
        assert!(
            error.starts_with("a record is longer than 1048576 bytes"),
            "{error}"
        );
    }
}
