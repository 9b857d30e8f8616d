use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The content of `path`, refused beyond `most` bytes.
pub(crate) fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more tells a file that is too big from one that just fits.
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;

    if bytes.len() as u64 > most {
        let refusal = format!("it has more than {most} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, refusal));
    }
    Ok(bytes)
}
