use std::cell::Cell;
use std::io::{self, Read};

use crate::{GROWTH, GROWTH_FLOOR_BYTES};

/// The bytes that may still come out of one compressed file, over all its entries and whatever is
/// nested in them.
#[derive(Debug)]
pub struct Allowance {
    most: u64,
    left: Cell<u64>,
}

/// A reader that takes from an [`Allowance`], and fails when it is used up.
#[derive(Debug)]
pub struct Allowed<'a, R> {
    reader: R,
    allowance: &'a Allowance,
}

impl Allowance {
    /// The allowance of a file of `bytes`: `max(16 MiB, 200 × bytes)`.
    pub fn of_file(bytes: u64) -> Self {
        Self::of(bytes.saturating_mul(GROWTH).max(GROWTH_FLOOR_BYTES))
    }

    /// An allowance of `most` bytes.
    pub fn of(most: u64) -> Self {
        Self {
            most,
            left: Cell::new(most),
        }
    }

    /// The same, of `most` bytes at most.
    #[must_use]
    pub fn at_most(self, most: u64) -> Self {
        Self::of(self.most.min(most))
    }

    /// Reads `reader` at the expense of this allowance.
    pub fn reader<R: Read>(&self, reader: R) -> Allowed<'_, R> {
        Allowed {
            reader,
            allowance: self,
        }
    }

    /// Takes `bytes` at once: those of a page whose header says how long it is.
    ///
    /// # Errors
    /// When less is left.
    pub fn take(&self, bytes: u64) -> io::Result<()> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("it is larger than {} bytes once decompressed", self.most),
            )),
        }
    }
}

impl<R: Read> Read for Allowed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte more than allowed tells a bomb from a file of just that size.
        let room = usize::try_from(self.allowance.left.get())
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let length = buffer.len().min(room);
        let read = self.reader.read(&mut buffer[..length])?;

        self.allowance.take(read as u64)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(allowance: &Allowance, bytes: usize) -> Result<usize, String> {
        let mut content = Vec::new();
        allowance
            .reader(io::repeat(b'0').take(bytes as u64))
            .read_to_end(&mut content)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn all_the_readers_of_a_file_share_what_it_may_become() {
        let allowance = Allowance::of(100);
        assert_eq!(read(&allowance, 60), Ok(60));
        assert_eq!(read(&allowance, 40), Ok(40));
        assert_eq!(
            read(&allowance, 1),
            Err("it is larger than 100 bytes once decompressed".to_owned())
        );
    }

    #[test]
    fn a_file_may_grow_two_hundred_times_and_a_small_one_to_sixteen_mebibytes() {
        for (bytes, most) in [(0, 16 << 20), (1_000, 16 << 20), (1_000_000, 200_000_000)] {
            assert_eq!(Allowance::of_file(bytes).most, most);
        }
        assert_eq!(Allowance::of_file(1_000_000).at_most(5).most, 5);
    }
}
