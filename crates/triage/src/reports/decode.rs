//! The encoding of a file of reports.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::ReportsError;

/// The text, from UTF-8, from UTF-16 with a byte order mark, or else from Windows-1252, which old
/// spreadsheets write. A file that is none of those is refused with the line that shows it.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ReportsError> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => without_mark(bytes)?,
    };
    let (text, _, is_damaged) = encoding.decode(bytes);
    let wrong = |letter: char| match letter {
        // UTF-16 without its mark, or a file that is no text.
        '\0' => true,
        '\u{fffd}' => is_damaged,
        // Bytes that Windows-1252 leaves without a letter.
        '\u{80}'..='\u{9f}' => encoding == WINDOWS_1252,
        _ => false,
    };

    match text.find(wrong) {
        Some(place) => {
            let line = 1 + text[..place].matches('\n').count() as u64;
            let reason = "l’encodage n’est ni UTF-8 ni Windows-1252 : exporter le fichier en UTF-8";
            Err(ReportsError::at(line, reason))
        }
        // One letter ends a line: lines are counted by it.
        None => Ok(text.replace("\r\n", "\n")),
    }
}

/// UTF-8 or Windows-1252. Accents of both in one file were joined from two: read as either, half of
/// its words would be others.
fn without_mark(bytes: &[u8]) -> Result<&'static Encoding, ReportsError> {
    let Err(error) = std::str::from_utf8(bytes) else {
        return Ok(UTF_8);
    };
    let has_utf_8 = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    if !has_utf_8 {
        return Ok(WINDOWS_1252);
    }

    let before = &bytes[..error.valid_up_to()];
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u64;
    let reason =
        "cette ligne n’est pas en UTF-8, et d’autres le sont : exporter le fichier en UTF-8";
    Err(ReportsError::at(line, reason))
}
