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

/// Writes a result. On a disk that is full, nothing that follows would be true.
fn result(text: &str) {
    if let Err(error) = filrouge_command_line::write_result(text) {
        note(&format!("erreur : la sortie ne s’écrit pas : {error}"));
        std::process::exit(1);
    }
}
