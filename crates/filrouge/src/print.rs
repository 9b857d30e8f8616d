//! The only place that writes on the two outputs: results on the standard one, so that they can be
//! piped; progress and failures on the other.

use std::io::{self, Write};

/// One line, or several already joined.
pub(crate) fn line(text: &str) {
    result(&format!("{text}\n"));
}

/// A text that ends its own lines.
pub(crate) fn text(text: &str) {
    result(text);
}

/// A line of progress or of failure. Where nobody reads them any more, the work goes on.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes a result. A reader that has seen enough, as `head` has, closes the pipe: that is no failure.
/// A disk that is full under a result is one, and nothing that follows would be true.
fn result(text: &str) {
    let mut output = io::stdout().lock();
    let written = output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush());

    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        note(&format!("erreur : la sortie ne s’écrit pas : {error}"));
        std::process::exit(1);
    }
}
