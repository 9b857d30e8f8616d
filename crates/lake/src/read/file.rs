use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use encoding_rs::{UTF_16BE, UTF_16LE};
use flate2::bufread::MultiGzDecoder;
use polars::prelude::DataFrame;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::ReadOptions;
use super::columns::{Field, describe, recognise};
use super::records::{NotCsv, Record, Records};
use super::trips::Trips;
use crate::{FileReport, LakeError};

/// Trips that become one frame: enough for good Parquet, few enough for little memory.
const BATCH: usize = 1 << 19;
const BUFFER: usize = 1 << 17;
/// Depth of archives within archives: no publisher goes deeper.
const NESTED: u8 = 2;

/// The identity of a file, that tells it from any other.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) path: PathBuf,
    /// The same path, absolute and without links.
    pub(crate) place: String,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// Reads a file once, for its hash.
pub(crate) fn identify(path: &Path) -> Result<Identity, LakeError> {
    let identify = || -> io::Result<Identity> {
        // The absolute path: the same file named in two ways is one file.
        let place = path.canonicalize()?.to_string_lossy().into_owned();
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let bytes = io::copy(&mut file, &mut hash)?;
        let sha256 = hex::encode(hash.finalize());

        Ok(Identity {
            path: path.to_owned(),
            place,
            sha256,
            bytes,
        })
    };

    identify().map_err(|error| LakeError::unreadable(path.display(), error))
}

/// Reads the trips of a file, `.csv`, `.csv.gz` or `.zip` as its first bytes say, and hands them
/// over in frames. One report for a file, one for each entry of an archive.
pub(crate) fn read_trips(
    file: &Identity,
    options: ReadOptions,
    mut sink: impl FnMut(DataFrame) -> Result<(), LakeError>,
) -> Result<Vec<FileReport>, LakeError> {
    let path = file.path.display().to_string();
    let unreadable = |error: &dyn ToString| LakeError::unreadable(&path, error.to_string());
    let mut reader = BufReader::with_capacity(
        BUFFER,
        File::open(&file.path).map_err(|error| unreadable(&error))?,
    );
    let start = reader.fill_buf().map_err(|error| unreadable(&error))?;

    let name = file_name(&path);
    let mut reports = match start {
        // 3 begins a file of an archive, 5 an archive without any.
        [b'P', b'K', 3 | 5, ..] => read_archive(&path, reader, NESTED, options, &mut sink)?,
        [0x1f, 0x8b, ..] => {
            // Publishers concatenate gzip members: a single decoder would stop after the first.
            let text = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(reader));
            vec![read_text(&path, name, text, options, &mut sink)?]
        }
        _ => vec![read_text(&path, name, reader, options, &mut sink)?],
    };

    for report in &mut reports {
        report.sha256.clone_from(&file.sha256);
        report.bytes = file.bytes;
    }

    Ok(reports)
}

type Sink<'a> = dyn FnMut(DataFrame) -> Result<(), LakeError> + 'a;

/// Reads every CSV file of an archive, and of the archives in it: some publishers wrap a year of
/// monthly archives in one.
fn read_archive(
    path: &str,
    reader: impl Read + Seek,
    nested: u8,
    options: ReadOptions,
    sink: &mut Sink<'_>,
) -> Result<Vec<FileReport>, LakeError> {
    let unreadable = |error: &dyn ToString| LakeError::unreadable(path, error.to_string());
    let mut archive = ZipArchive::new(reader).map_err(|error| unreadable(&error))?;
    let mut reports = Vec::new();

    for index in 0..archive.len() {
        let mut entry = archive
            .by_index(index)
            .map_err(|error| unreadable(&error))?;
        let name = entry
            .name()
            .map_err(|error| unreadable(&error))?
            .into_owned();

        let inner = format!("{path}/{name}");
        // `.CSV` and `.Zip` exist.
        let kind = name.to_ascii_lowercase();

        // macOS adds a folder to every archive; it is none of the publisher's.
        let added_by_a_mac = name.starts_with("__MACOSX/");
        if kind.ends_with(".csv") && !added_by_a_mac {
            let text = BufReader::with_capacity(BUFFER, entry);
            reports.push(read_text(&inner, file_name(&name), text, options, sink)?);
        } else if kind.ends_with(".zip") && !added_by_a_mac && nested > 0 {
            // An archive in an archive is not seekable: it is unpacked in memory.
            let mut bytes = Vec::new();

            entry
                .read_to_end(&mut bytes)
                .map_err(|error| unreadable(&error))?;

            reports.extend(read_archive(
                &inner,
                Cursor::new(bytes),
                nested - 1,
                options,
                sink,
            )?);
        }
    }

    match reports.is_empty() {
        true => Err(unreadable(&"the archive holds no .csv file")),
        false => Ok(reports),
    }
}

fn read_text(
    path: &str,
    name: &str,
    text: impl BufRead,
    options: ReadOptions,
    sink: &mut Sink<'_>,
) -> Result<FileReport, LakeError> {
    let unreadable = |error: &dyn ToString| LakeError::unreadable(path, error.to_string());
    let (text, wide) = decoded(text).map_err(|error| unreadable(&error))?;
    let mut records = Records::new(text);
    let header = read_header(path, &mut records)?;
    let fields = recognise(path, &header)?;
    let separator = records.separator();

    let mut report = FileReport {
        source_file: name.to_owned(),
        separator: char::from(separator),
        columns: describe(&header, &fields),
        personal_columns: columns_that_are(Field::Personal, &header, &fields),
        ignored_columns: columns_that_are(Field::Ignored, &header, &fields),
        ..FileReport::default()
    };

    let mut trips = Trips::new(fields, options.time_zone, separator != b',');

    while let Some(record) = records.next().map_err(|error| unreadable(&error))? {
        keep_or_reject(record, header.len(), &mut trips, &mut report);
        // A batch is resolved whole: its dates prove the order of day and month for each other.
        if trips.len() == BATCH {
            sink(trips.take_frame(name).map_err(|error| unreadable(&error))?)?;
        }
    }

    if trips.len() > 0 {
        sink(trips.take_frame(name).map_err(|error| unreadable(&error))?)?;
    }

    report.unreadable_starts = trips.unreadable_starts;
    report.date_formats = trips
        .formats
        .iter()
        .map(|format| format.name().to_owned())
        .collect();

    // Any byte is a text of Windows-1252, so it is the last resort, told only when UTF-8 failed.
    report.encoding = wide
        .unwrap_or(if trips.is_not_utf_8 {
            "Windows-1252"
        } else {
            "UTF-8"
        })
        .to_owned();

    Ok(report)
}

fn keep_or_reject(
    record: Result<&Record, NotCsv>,
    width: usize,
    trips: &mut Trips,
    report: &mut FileReport,
) {
    match record {
        Ok(record) if record.len() == width => {
            trips.push(record);
            report.read += 1;
            report.kept += 1;
        }
        Ok(record) => report.reject(
            record.line,
            format!("{} fields, the header has {width}", record.len()),
        ),
        Err(error) => report.reject(error.line, error.reason.to_owned()),
    }
}

fn read_header(path: &str, records: &mut Records<impl BufRead>) -> Result<Vec<String>, LakeError> {
    match records
        .next()
        .map_err(|error| LakeError::unreadable(path, error))?
    {
        None => Err(LakeError::unreadable(path, "the file is empty")),
        Some(Err(error)) => Err(LakeError::unreadable(
            path,
            format!("line {}: {}", error.line, error.reason),
        )),
        Some(Ok(record)) => {
            // The mark of byte order may stand before the quotes of the first name.
            let names = record
                .fields()
                .map(|name| String::from_utf8_lossy(name).trim().to_owned());

            Ok(names
                .map(|name| {
                    name.trim_start_matches('\u{feff}')
                        .trim_matches('"')
                        .to_owned()
                })
                .collect())
        }
    }
}

fn columns_that_are(wanted: Field, header: &[String], fields: &[Field]) -> Vec<String> {
    header
        .iter()
        .zip(fields)
        .filter(|(_, field)| **field == wanted)
        .map(|(name, _)| name.clone())
        .collect()
}

/// The longest text in UTF-16 that is read: it has to fit in memory.
const LONGEST_WIDE: u64 = 1 << 30;

/// The text in an encoding that lines can be cut in, and the name of the other one that it was in.
fn decoded<'a>(
    mut text: impl BufRead + 'a,
) -> io::Result<(Box<dyn BufRead + 'a>, Option<&'static str>)> {
    let wide = match text.fill_buf()? {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ => return Ok((Box::new(text), None)),
    };
    let mut bytes = Vec::new();

    text.take(LONGEST_WIDE).read_to_end(&mut bytes)?;
    let decoded = wide.decode_with_bom_removal(&bytes).0.into_owned();

    Ok((
        Box::new(Cursor::new(decoded.into_bytes())),
        Some(wide.name()),
    ))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
