//! Ordinary files, and files made to cost more than they weigh.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The columns of a history of trips.
pub(crate) const TRIPS: &str = "ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,\
    end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual\n";

/// A month of trips of a city of some size: `rows` of them.
pub(crate) fn trips(rows: usize) -> String {
    let mut csv = TRIPS.to_owned();
    for row in 0..rows {
        let (day, hour, minute) = (1 + row % 28, row % 24, row % 60);
        let (from, to) = (row % 97, row % 89);
        writeln!(
            csv,
            "trip-{row},classic_bike,2026-03-{day:02} {hour:02}:{minute:02}:00,2026-03-{day:02} {hour:02}:{minute:02}:50,\
             Station {from},S{from},Station {to},S{to},45.6,4.1,45.7,4.2,member"
        )
        .unwrap();
    }
    csv
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A gzip of `start`, then `mebibytes` of `piece` again and again.
pub(crate) fn gzip_of(start: &str, piece: &str, mebibytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let piece = piece.repeat((1 << 20) / piece.len());
    encoder.write_all(start.as_bytes()).unwrap();
    for _ in 0..mebibytes {
        encoder.write_all(piece.as_bytes()).unwrap();
    }
    encoder.finish().unwrap()
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An archive whose directory lists the same file `times` times.
pub(crate) fn overlapping_zip(name: &str, content: &[u8], times: u16) -> Vec<u8> {
    let mut bytes = zip(&[(name, content)]);
    let start = bytes
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    let mut end = bytes.split_off(bytes.len() - 22);
    let entry = bytes.split_off(start);

    for number in 0..times {
        let mut entry = entry.clone();
        // Names differ: an archive keeps one file a name.
        let digits = format!("{number:05}");
        entry[46..51].copy_from_slice(digits.as_bytes());
        bytes.extend(entry);
    }

    let length = u32::try_from(bytes.len() - start).unwrap();
    end[8..10].copy_from_slice(&times.to_le_bytes());
    end[10..12].copy_from_slice(&times.to_le_bytes());
    end[12..16].copy_from_slice(&length.to_le_bytes());
    bytes.extend(end);
    bytes
}
