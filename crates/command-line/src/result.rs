use std::io::{self, ErrorKind, Write};

/// Writes a result on the standard output. A reader that has seen enough, as `head` has, closes the
/// pipe: that is no failure.
///
/// # Errors
/// When the output cannot be written, as on a disk that is full.
pub fn write_result(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let written = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());

    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
