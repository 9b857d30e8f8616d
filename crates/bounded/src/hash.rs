use std::fs::File;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

/// Length in bytes and SHA-256, hexadecimal, of the file at `path`, which is never in memory whole.
///
/// # Errors
/// Those of the file system.
pub fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut File::open(path)?, &mut hash)?;
    Ok((bytes, hex::encode(hash.finalize())))
}
