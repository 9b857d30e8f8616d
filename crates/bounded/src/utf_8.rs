use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding};

/// A text in any encoding, read as UTF-8 a piece at a time. What cannot be decoded becomes U+FFFD; a
/// byte order mark is left out.
pub struct Utf8<R> {
    text: R,
    decoder: Decoder,
    /// Bytes read and not decoded yet.
    input: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
    is_over: bool,
}

const PIECE: usize = 1 << 16;

impl<R: Read> Utf8<R> {
    /// Reads `text`, which is in `encoding`.
    pub fn new(text: R, encoding: &'static Encoding) -> Self {
        Self {
            text,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: Vec::new(),
            decoded: Vec::new(),
            given: 0,
            is_over: false,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        if self.input.is_empty() {
            self.input.resize(PIECE, 0);
            let read = self.text.read(&mut self.input);
            self.input.truncate(*read.as_ref().unwrap_or(&0));
            self.is_over = read? == 0;
        }

        self.decoded.resize(PIECE, 0);
        let (result, read, written, _) =
            self.decoder
                .decode_to_utf8(&self.input, &mut self.decoded, self.is_over);
        self.decoded.truncate(written);
        self.given = 0;
        self.input.drain(..read);

        // The end is told once all that was held back is given.
        self.is_over &= result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() {
            if self.is_over {
                return Ok(0);
            }
            self.decode_more()?;
        }

        let read = buffer.len().min(self.decoded.len() - self.given);
        buffer[..read].copy_from_slice(&self.decoded[self.given..self.given + read]);
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut text = String::new();
        Utf8::new(bytes, encoding)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn a_text_is_the_same_in_every_encoding() {
        let text = "Été 🚲\n".repeat(20_000);
        let wide: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();

        assert_eq!(read(&little, UTF_16LE), text);
        assert_eq!(read(&big, UTF_16BE), text);
        assert_eq!(read(b"\xc9t\xe9", WINDOWS_1252), "Été");
    }

    proptest! {
        #[test]
        fn any_bytes_read_as_encoding_rs_reads_them_whole(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            for encoding in [UTF_16LE, UTF_16BE, WINDOWS_1252] {
                let whole = encoding.decode_with_bom_removal(&bytes).0;
                prop_assert_eq!(read(&bytes, encoding), whole);
            }
        }
    }
}
