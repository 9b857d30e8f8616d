//! Data files come plain or compressed, whatever their name says.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use filrouge_bounded::{Allowance, open_zip};
use flate2::bufread::MultiGzDecoder;

/// The content of the file at `path`, decompressed when its first bytes say that it must be, and
/// the decisions taken. Its decompressed size is bounded by its own length, and by `limit` bytes.
pub(super) fn open(path: &Path, limit: u64) -> Result<(File, Option<String>)> {
    let mut file = File::open(path)?;
    let allowance = Allowance::of_file(file.metadata()?.len()).at_most(limit);
    let mut start = Vec::new();
    file.by_ref().take(4).read_to_end(&mut start)?;
    file.rewind()?;

    match start.as_slice() {
        [0x1f, 0x8b, ..] => {
            let content = MultiGzDecoder::new(BufReader::new(file));
            let content =
                unpack(content, &allowance, path).context("the gzip content is damaged")?;
            Ok((content, Some("compression: gzip".to_owned())))
        }
        b"PK\x03\x04" => unpack_zip(file, &allowance, path).context("the zip archive is damaged"),
        _ => Ok((file, None)),
    }
}

fn unpack_zip(file: File, allowance: &Allowance, path: &Path) -> Result<(File, Option<String>)> {
    let mut archive = open_zip(BufReader::new(file))?;
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

    let content = unpack(archive.by_name(name)?, allowance, path)?;
    Ok((content, Some(format!("compression: zip, file {name}"))))
}

/// Decompresses into a file without a name, beside the one at `path`: it is read several times, and
/// may be larger than memory.
fn unpack(content: impl Read, allowance: &Allowance, path: &Path) -> Result<File> {
    let folder = path.parent().unwrap_or(path);
    let mut unpacked = tempfile::tempfile_in(folder)?;
    std::io::copy(&mut allowance.reader(content), &mut unpacked)?;
    unpacked.rewind()?;
    Ok(unpacked)
}

#[cfg(test)]
mod tests;
