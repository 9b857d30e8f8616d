//! Feeds of elsewhere, real and malformed, in many encodings.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::fs;
use std::path::{Path, PathBuf};

use filrouge_feeds::read_feed;

/// Each feed is read, or refused with a sentence; none stops the program.
#[test]
fn every_real_feed_is_read_or_refused_with_its_reason() {
    let Some(folder) = filrouge_prerequisites::real_data("feeds") else {
        return;
    };
    let mut read = 0;
    let mut refused = Vec::new();

    for path in files(&folder) {
        let bytes = fs::read(&path).unwrap();
        for cut in 1..8 {
            // A feed broken off is read or refused too.
            let _ = read_feed(&bytes[..bytes.len() * cut / 8], "essai", None);
        }

        match read_feed(&bytes, "essai", None) {
            Ok(_) => read += 1,
            Err(error) => refused.push(format!("{} : {error}", path.display())),
        }
    }

    println!(
        "{read} feeds read, {} refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
    // Those that are refused have no channel, are cut, or are in UTF-32, which browsers refuse too.
    assert!(read >= 110, "{read} read, {} refused", refused.len());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();

    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
