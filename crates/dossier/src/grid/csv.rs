//! The grid as CSV, for a spreadsheet.

use super::Grid;

/// The grid in UTF-8 with a byte-order mark and `;`, which French spreadsheets open without a
/// question.
///
/// # Errors
/// When a record cannot be written.
pub fn csv(grid: &Grid) -> Result<String, ::csv::Error> {
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::from("\u{feff}"));

    writer.write_record(grid.header.iter().map(|text| harmless(text)))?;
    for row in &grid.rows {
        writer.write_record(row.iter().map(|cell| harmless(&cell.text())))?;
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
