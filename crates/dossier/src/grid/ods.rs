//! The grid as an OpenDocument spreadsheet: a small archive of four members.

use std::io::{Cursor, Write};

use askama::Template;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Grid;
use super::sheet::{self, Line};

const TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The bytes of the spreadsheet, a sheet a form. The same grids give the same bytes.
///
/// # Errors
/// When the archive cannot be written.
pub fn ods(grids: &[Grid]) -> anyhow::Result<Vec<u8>> {
    let sheets = grids.iter().map(sheet::lines).collect();
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // No clock: the same grid must give the same bytes.
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());

    // The type comes first and uncompressed, so that a system reads it at a fixed place
    // (OpenDocument 1.3, part 2, 3.3).
    archive.start_file(
        "mimetype",
        options.compression_method(CompressionMethod::Stored),
    )?;
    archive.write_all(TYPE.as_bytes())?;

    let members = [
        ("META-INF/manifest.xml", Manifest { kind: TYPE }.render()?),
        ("meta.xml", Meta.render()?),
        ("content.xml", Content { sheets }.render()?),
    ];

    for (name, text) in members {
        archive.start_file(
            name,
            options.compression_method(CompressionMethod::Deflated),
        )?;
        archive.write_all(text.as_bytes())?;
    }

    Ok(archive.finish()?.into_inner())
}

#[derive(Template)]
#[template(path = "manifest.xml", escape = "html")]
struct Manifest {
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "meta.xml", escape = "html")]
struct Meta;

#[derive(Template)]
#[template(path = "content.xml", escape = "html")]
struct Content {
    sheets: Vec<Vec<Line>>,
}
