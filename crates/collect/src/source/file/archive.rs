//! Data files come plain or compressed, whatever their name says.

use std::io::{Cursor, Read};

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

/// The content of a file, decompressed when its first bytes say that it must be, and the decisions
/// taken. More than `limit` bytes are refused.
pub(super) fn open(body: &[u8], limit: u64) -> Result<(Vec<u8>, Option<String>)> {
    if body.starts_with(&[0x1f, 0x8b]) {
        let content =
            read(MultiGzDecoder::new(body), limit).context("the gzip content is damaged")?;
        return Ok((content, Some("compression: gzip".to_owned())));
    }
    if body.starts_with(b"PK\x03\x04") {
        return open_zip(body, limit).context("the zip archive is damaged");
    }
    Ok((body.to_vec(), None))
}

fn open_zip(body: &[u8], limit: u64) -> Result<(Vec<u8>, Option<String>)> {
    let mut archive = ZipArchive::new(Cursor::new(body))?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(Into::into))
        .collect::<Result<_, _>>()?;

    // macOS adds a shadow of each file.
    let mut tables = names
        .iter()
        .filter(|name| name.to_lowercase().ends_with(".csv") && !name.starts_with("__MACOSX"));
    let name = tables.next().context("it holds no .csv file")?;
    ensure!(tables.next().is_none(), "it holds several .csv files");

    let content = read(archive.by_name(name)?, limit)?;
    Ok((content, Some(format!("compression: zip, file {name}"))))
}

fn read(reader: impl Read, limit: u64) -> Result<Vec<u8>> {
    let mut content = Vec::new();

    // One byte more than allowed tells a bomb from a file of just that size.
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut content)?;
    ensure!(
        content.len() as u64 <= limit,
        "it is larger than {limit} bytes once decompressed"
    );
    Ok(content)
}

#[cfg(test)]
mod tests;
