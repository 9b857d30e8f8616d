use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use crate::ARCHIVE_ENTRIES;

/// The last bytes of an archive: its end record, and a comment of 65,535 bytes at most.
const TAIL_BYTES: i64 = 65_535 + 22 + 20 + 56;

/// Signatures of the end records, APPNOTE.TXT 4.3.16 and 4.3.14.
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";

/// Opens a zip archive that has a bounded number of entries, none of which shares its bytes with
/// another.
///
/// # Errors
/// An archive that is damaged, has too many entries, or whose entries overlap: the same bytes,
/// listed a thousand times, would be decompressed a thousand times.
pub fn open_zip<R: Read + Seek>(mut reader: R) -> io::Result<ZipArchive<R>> {
    let tail = tail(&mut reader)?;
    let entries = listed_entries(&tail);
    if entries > ARCHIVE_ENTRIES {
        // Before the directory is read: it is a list in memory.
        return Err(invalid(format!(
            "the archive lists {entries} files, more than {ARCHIVE_ENTRIES}"
        )));
    }

    let length = reader.seek(SeekFrom::End(0))?;
    let mut archive = ZipArchive::new(reader)?;
    let mut compressed = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        compressed = compressed.saturating_add(entry.compressed_size());
    }

    if compressed > length {
        return Err(invalid("the files of the archive overlap".to_owned()));
    }
    // Of several files of one name, a reader keeps the last.
    if last_listed(&tail).is_some_and(|entries| entries > archive.len() as u64) {
        let reason = "two files of the archive have the same name";
        return Err(invalid(reason.to_owned()));
    }
    Ok(archive)
}

/// The end of an archive, where its end records are.
fn tail<R: Read + Seek>(reader: &mut R) -> io::Result<Vec<u8>> {
    let length = reader.seek(SeekFrom::End(0))?;
    let tail = TAIL_BYTES.min(i64::try_from(length).unwrap_or(TAIL_BYTES));
    reader.seek(SeekFrom::End(-tail))?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The number of entries of the last end record; those before are of archives inside. None when it
/// says that the number stands in another record.
fn last_listed(tail: &[u8]) -> Option<u64> {
    let count = numbers::<2>(tail, END, 10).last().map(u16::from_le_bytes)?;
    (count != u16::MAX).then_some(u64::from(count))
}

/// The largest number of entries that an end record of the archive announces. A comment may hold
/// what looks like one: all are believed.
fn listed_entries(tail: &[u8]) -> u64 {
    let of_16_bits = numbers::<2>(tail, END, 10).map(|count| u64::from(u16::from_le_bytes(count)));
    let of_64_bits = numbers::<8>(tail, END_64, 32).map(u64::from_le_bytes);
    let most_of_64 = of_64_bits.max();

    // 65,535 says that the number stands in the other record.
    of_16_bits
        .map(|count| match count {
            0xffff => most_of_64.unwrap_or(count),
            count => count,
        })
        .max()
        .unwrap_or(0)
}

/// The bytes at `offset` after each `signature`.
fn numbers<const N: usize>(
    bytes: &[u8],
    signature: &'static [u8],
    offset: usize,
) -> impl Iterator<Item = [u8; N]> {
    bytes
        .windows(signature.len())
        .enumerate()
        .filter(move |(_, window)| *window == signature)
        .filter_map(move |(at, _)| bytes.get(at + offset..)?.first_chunk().copied())
}

fn invalid(reason: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests;
