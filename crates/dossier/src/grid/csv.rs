//! The grid as CSV, for a spreadsheet.

use super::{Grid, sheet};

/// The forms one after the other, in UTF-8 with a byte-order mark and `;`, which French
/// spreadsheets open without a question.
///
/// # Errors
/// When a record cannot be written.
pub fn csv(grids: &[Grid]) -> Result<String, ::csv::Error> {
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::from("\u{feff}"));

    for line in grids.iter().flat_map(sheet::lines) {
        writer.write_record(line.cells.iter().map(|cell| harmless(cell)))?;
    }

    let bytes = writer
        .into_inner()
        .map_err(|error| ::csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text that a spreadsheet would run as a formula is opened by an apostrophe.
fn harmless(text: &str) -> String {
    // The four signs of OWASP's "CSV injection": names of files come from a stranger.
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
