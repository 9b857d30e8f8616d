use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn zip(files: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..files {
        let name = format!("{number}.csv");
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(b"0").unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refusal(bytes: Vec<u8>) -> String {
    open_zip(Cursor::new(bytes)).unwrap_err().to_string()
}

#[test]
fn an_archive_of_too_many_files_is_refused() {
    assert_eq!(open_zip(Cursor::new(zip(2))).unwrap().len(), 2);
    for files in [10_001, 70_000] {
        assert_eq!(
            refusal(zip(files)),
            format!("the archive lists {files} files, more than 10000")
        );
    }
}

#[test]
fn an_archive_that_lies_about_its_number_of_files_is_refused() {
    let mut bytes = zip(2);
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(refusal(bytes).contains("lists 65535 files"));
}

#[test]
fn files_that_overlap_are_refused() {
    // The second entry of the directory is given the length of the whole archive.
    let mut bytes = zip(2);
    let directory = bytes
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    let length = u32::try_from(bytes.len()).unwrap();
    bytes[directory + 20..directory + 24].copy_from_slice(&length.to_le_bytes());
    assert_eq!(refusal(bytes), "the files of the archive overlap");
}

#[test]
fn files_of_the_same_name_are_refused() {
    // A reader keeps the last one of a name, and the others are lost in silence.
    let mut bytes = zip(2);
    while let Some(at) = bytes.windows(5).position(|window| window == b"1.csv") {
        bytes[at] = b'0';
    }
    assert_eq!(
        refusal(bytes),
        "two files of the archive have the same name"
    );
}

#[test]
fn an_archive_may_hold_another_one_as_it_is() {
    let inner = zip(30);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file("month.zip", stored).unwrap();
    writer.write_all(&inner).unwrap();
    let outer = writer.finish().unwrap().into_inner();
    assert_eq!(open_zip(Cursor::new(outer)).unwrap().len(), 1);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = open_zip(Cursor::new(bytes.clone()));
        bytes.extend(&zip(2)[40..]);
        let _ = open_zip(Cursor::new(bytes));
    }
}
