//! The only place that writes on the standard output: results, so that they can be piped.

/// One line, or several already joined.
#[expect(clippy::print_stdout, reason = "a command's result")]
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// A text that ends its own lines.
#[expect(clippy::print_stdout, reason = "a command's result")]
pub(crate) fn text(text: &str) {
    print!("{text}");
}
