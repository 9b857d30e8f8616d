use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use encoding_rs::{UTF_16BE, UTF_16LE};
use filrouge_bounded::{Allowance, TABLE_COLUMNS, Utf8, hash_file, open_zip};
use flate2::bufread::MultiGzDecoder;
use polars::prelude::DataFrame;

use super::ReadOptions;
use super::columns::{Field, describe, recognise};
use super::records::{NotCsv, Record, Records};
use super::trips::Trips;
use crate::{FileReport, LakeError};

/// Trips that become one frame: enough for good Parquet, few enough for little memory.
const BATCH: usize = 1 << 19;
/// Bytes of trips that become one frame earlier: fields may be long.
const BATCH_BYTES: u64 = 96 << 20;
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
        let (bytes, sha256) = hash_file(path)?;

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

    // One for the file, whatever is nested in it.
    let allowance = Allowance::of_file(file.bytes);
    let name = file_name(&path);
    let mut reports = match start {
        // 3 begins a file of an archive, 5 an archive without any.
        [b'P', b'K', 3 | 5, ..] => {
            let archive = Archive {
                allowance: &allowance,
                options,
                nested: NESTED,
            };
            archive.read(&path, reader, &mut sink)?
        }
        [0x1f, 0x8b, ..] => {
            // Publishers concatenate gzip members: a single decoder would stop after the first.
            let text = allowance.reader(MultiGzDecoder::new(reader));
            let text = BufReader::with_capacity(BUFFER, text);
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

/// How an archive is read.
#[derive(Clone, Copy)]
struct Archive<'a> {
    allowance: &'a Allowance,
    options: ReadOptions,
    /// Depth of archives that may still be in this one.
    nested: u8,
}

impl Archive<'_> {
    /// Reads every CSV file of an archive, and of the archives in it: some publishers wrap a year
    /// of monthly archives in one.
    fn read(
        self,
        path: &str,
        reader: impl Read + Seek,
        sink: &mut Sink<'_>,
    ) -> Result<Vec<FileReport>, LakeError> {
        let unreadable = |error: &dyn ToString| LakeError::unreadable(path, error.to_string());
        let mut archive = open_zip(reader).map_err(|error| unreadable(&error))?;
        let mut reports = Vec::new();

        for index in 0..archive.len() {
            let entry = archive
                .by_index(index)
                .map_err(|error| unreadable(&error))?;
            let name = entry
                .name()
                .map_err(|error| unreadable(&error))?
                .into_owned();

            let inner = format!("{path}/{name}");
            // `.CSV` and `.Zip` exist.
            let kind = name.to_ascii_lowercase();
            let entry = self.allowance.reader(entry);

            // macOS adds a folder to every archive; it is none of the publisher's.
            let added_by_a_mac = name.starts_with("__MACOSX/");
            if kind.ends_with(".csv") && !added_by_a_mac {
                let text = BufReader::with_capacity(BUFFER, entry);
                let name = file_name(&name);
                reports.push(read_text(&inner, name, text, self.options, sink)?);
            } else if kind.ends_with(".zip") && !added_by_a_mac && self.nested > 0 {
                let unpacked = unpack(entry).map_err(|error| unreadable(&error))?;
                let nested = Self {
                    nested: self.nested - 1,
                    ..self
                };
                reports.extend(nested.read(&inner, unpacked, sink)?);
            }
        }

        match reports.is_empty() {
            true => Err(unreadable(&"the archive holds no .csv file")),
            false => Ok(reports),
        }
    }
}

/// An archive in an archive is not seekable: it is unpacked into a file without a name, since it may
/// be larger than memory.
fn unpack(mut entry: impl Read) -> io::Result<BufReader<File>> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut entry, &mut file)?;
    file.rewind()?;
    Ok(BufReader::with_capacity(BUFFER, file))
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
        if trips.len() == BATCH || trips.bytes() > BATCH_BYTES {
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
            if record.len() > TABLE_COLUMNS {
                let reason = format!(
                    "its header has {} columns, more than {TABLE_COLUMNS}",
                    record.len()
                );
                return Err(LakeError::unreadable(path, reason));
            }

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

/// The text in an encoding that lines can be cut in, and the name of the other one that it was in.
fn decoded<'a>(
    mut text: impl BufRead + 'a,
) -> io::Result<(Box<dyn BufRead + 'a>, Option<&'static str>)> {
    let wide = match text.fill_buf()? {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        // Without a mark of byte order: a header begins with letters of ASCII.
        [1..=0xff, 0, 1..=0xff, 0, ..] => UTF_16LE,
        [0, 1..=0xff, 0, 1..=0xff, ..] => UTF_16BE,
        start => {
            // The lines of an old Macintosh would all be one, the header.
            if start.contains(&b'\r') && !start.contains(&b'\n') {
                let reason =
                    "its lines end with a carriage return alone: save it again with line feeds";
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
            return Ok((Box::new(text), None));
        }
    };

    let decoded = BufReader::with_capacity(BUFFER, Utf8::new(text, wide));
    Ok((Box::new(decoded), Some(wide.name())))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::fuzz;

    #[test]
    fn fuzz_trips() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trips");

        fuzz("trips", |body| {
            std::fs::write(&path, body).unwrap();
            let file = identify(&path).unwrap();
            let _ = read_trips(&file, ReadOptions::default(), |_| Ok(()));
        });
    }
}
