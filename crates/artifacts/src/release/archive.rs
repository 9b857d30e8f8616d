//! The bytes of an archive: a plain tar, the same for the same files.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use tar::{Archive, Builder, EntryType, Header};

use super::PARTS;

/// The largest archive, and the largest sum of its files: ten times the largest model that the
/// gates let through.
pub(super) const MOST_BYTES: u64 = 64 << 20;

/// Files that are read before an archive is refused for having too many.
const MOST_FILES: usize = 32;

/// The archive of these files, in the order of their names, without date nor owner.
pub(super) fn pack(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut archive = Builder::new(Vec::new());

    for (name, content) in parts {
        let mut header = Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        archive
            .append_data(&mut header, name, content.as_slice())
            .expect("a plain name fits a header, and memory is written to");
    }

    archive.into_inner().expect("memory is written to")
}

/// The files of an archive that was verified; an error tells the first defect.
pub(super) fn unpack(archive: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut parts = BTreeMap::new();
    let mut archive = Archive::new(Cursor::new(archive));

    for entry in archive.entries().map_err(|error| error.to_string())? {
        let mut entry = entry.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();

        if entry.header().entry_type() != EntryType::Regular {
            return Err(format!("`{name}` is not a file"));
        }
        if !is_plain_name(&name) {
            return Err(format!("`{name}` would lead out of the folder"));
        }
        if parts.len() == MOST_FILES {
            return Err(format!("it has more than {MOST_FILES} files"));
        }

        // The entry cannot give more than the archive has, which is bounded.
        let mut content = Vec::new();
        entry
            .read_to_end(&mut content)
            .map_err(|error| format!("`{name}`: {error}"))?;
        if parts.insert(name.clone(), content).is_some() {
            return Err(format!("`{name}` is there twice"));
        }
    }

    Ok(parts)
}

/// The parts, when they are those of a release.
pub(super) fn checked(
    parts: BTreeMap<String, Vec<u8>>,
) -> Result<BTreeMap<String, Vec<u8>>, String> {
    if let Some(missing) = PARTS.iter().find(|part| !parts.contains_key(**part)) {
        return Err(format!("`{missing}` is missing"));
    }
    if let Some(unknown) = parts.keys().find(|name| !PARTS.contains(&name.as_str())) {
        return Err(format!("`{unknown}` is no part of a release"));
    }

    let bytes: u64 = parts.values().map(|content| content.len() as u64).sum();
    if bytes > MOST_BYTES {
        return Err(format!("its files have more than {MOST_BYTES} bytes"));
    }
    Ok(parts)
}

/// A name without a folder, that hides no file and starts no option.
pub(super) fn is_plain_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    (1..=100).contains(&name.len())
        && name.chars().all(allowed)
        && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}
