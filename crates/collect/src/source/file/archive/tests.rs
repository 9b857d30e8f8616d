use std::fs;
use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The content of a file that has these bytes, and the decision; or the refusal.
fn opened(bytes: &[u8], limit: u64) -> Result<(Vec<u8>, Option<String>), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("received");
    fs::write(&path, bytes).unwrap();

    let (mut file, decision) = open(&path, limit).map_err(|error| format!("{error:#}"))?;
    let mut content = Vec::new();
    file.read_to_end(&mut content).unwrap();
    Ok((content, decision))
}

#[test]
fn plain_gzip_and_zip_give_the_same_content() {
    let expected = b"a;b\n".to_vec();
    assert_eq!(opened(b"a;b\n", 10), Ok((expected.clone(), None)));
    assert_eq!(
        opened(&gzip(b"a;b\n"), 10),
        Ok((expected.clone(), Some("compression: gzip".to_owned())))
    );
    let zipped = zip(&[("lisez-moi.txt", "x"), ("a.csv", "a;b\n")]);
    assert_eq!(
        opened(&zipped, 10),
        Ok((expected, Some("compression: zip, file a.csv".to_owned())))
    );
}

#[test]
fn a_bomb_is_stopped_and_damage_is_told() {
    let error = opened(&gzip(&[b'0'; 100_000]), 1_000).unwrap_err();
    assert!(error.contains("larger than 1000 bytes"), "{error}");

    // A file that grows more than two hundred times, though it is allowed many bytes.
    let error = opened(&gzip(&vec![b'0'; 20 << 20]), 1 << 30).unwrap_err();
    assert!(error.contains("larger than 16777216 bytes"), "{error}");

    let mut cut = gzip(b"a;b\n");
    cut.truncate(cut.len() - 6);
    let error = opened(&cut, 10).unwrap_err();
    assert!(error.starts_with("the gzip content is damaged"), "{error}");

    let error = opened(&zip(&[("a.csv", ""), ("b.csv", "")]), 10).unwrap_err();
    assert!(error.ends_with("it holds several .csv files"), "{error}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = opened(&body, 1_000);
        let _ = opened(&[b"PK\x03\x04".as_slice(), &body].concat(), 1_000);
        let _ = opened(&[[0x1f, 0x8b].as_slice(), &body].concat(), 1_000);
    }
}
