//! Reading a file of labelled reports, as a town or an association exports it.

mod date;
mod decode;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use chrono::NaiveDate;
use csv::StringRecord;

/// Bytes of a file of reports: a hundred thousand of them take thirty megabytes.
pub const MAX_REPORTS_BYTES: u64 = 64 << 20;

/// Bytes of one report: beyond, a quote was never closed.
pub const MAX_REPORT_BYTES: usize = 64 << 10;

const COLUMNS: [&str; 4] = ["text", "category", "date", "city"];

/// A report whose category a person gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiderReport {
    /// The rider's own words; never empty.
    pub text: String,
    /// The category; never empty.
    pub category: String,
    /// The day of the report.
    pub date: NaiveDate,
    /// Where it comes from; empty when the file does not say.
    pub city: String,
    /// Line of the file where it begins, from 1.
    pub line: u64,
}

/// A file of reports that is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReportsError {
    /// The file system said no.
    #[error("le fichier ne se lit pas")]
    File(#[from] std::io::Error),
    /// The file is too large.
    #[error("plus de {MAX_REPORTS_BYTES} octets : découper le fichier")]
    TooLarge,
    /// A line is not as it should be.
    #[error("ligne {line} : {reason}")]
    Line {
        /// From 1; the header is line 1.
        line: u64,
        /// Its fault, in French.
        reason: String,
    },
    /// There is a header and nothing else.
    #[error("le fichier ne contient aucun signalement après sa première ligne")]
    Empty,
}

impl ReportsError {
    fn at(line: u64, reason: impl Into<String>) -> Self {
        Self::Line {
            line,
            reason: reason.into(),
        }
    }
}

/// Reads the reports of a CSV file whose first line names the columns `text`, `category`, `date` and
/// `city`, in any order, among others. The separator is a comma, a semicolon or a tabulation; the
/// encoding UTF-8, UTF-16 with a byte order mark, or Windows-1252.
///
/// # Errors
/// See [`ReportsError`]: nothing is guessed, and nothing is left out.
pub fn read_reports(path: &Path) -> Result<Vec<RiderReport>, ReportsError> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MAX_REPORTS_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_REPORTS_BYTES {
        return Err(ReportsError::TooLarge);
    }
    parse_reports(&bytes)
}

/// Reads the reports of a file whose bytes are given: see [`read_reports`].
///
/// # Errors
/// See [`ReportsError`].
pub fn parse_reports(bytes: &[u8]) -> Result<Vec<RiderReport>, ReportsError> {
    let text = decode::decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut records = reader.records();

    let header = records.next().transpose().map_err(broken)?;
    let header = header.ok_or_else(|| ReportsError::at(1, "le fichier est vide"))?;
    let places = places(&header)?;

    let reports: Vec<RiderReport> = records
        .map(|record| report(&record.map_err(broken)?, header.len(), places))
        .collect::<Result<_, _>>()?;
    if reports.is_empty() {
        Err(ReportsError::Empty)
    } else {
        Ok(reports)
    }
}

/// The one that is met most in the first line.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    // Of equals, the last one: a header of one column is read with commas.
    *[b'\t', b';', b',']
        .iter()
        .max_by_key(|separator| count(separator))
        .expect("three separators")
}

/// Where each of [`COLUMNS`] is in a record.
fn places(header: &StringRecord) -> Result<[usize; 4], ReportsError> {
    let mut found = BTreeMap::new();
    for (place, name) in header.iter().enumerate() {
        let name = name.trim().to_lowercase();
        if found.insert(name.clone(), place).is_some() && COLUMNS.contains(&name.as_str()) {
            return Err(ReportsError::at(
                1,
                format!("la colonne `{name}` y est deux fois"),
            ));
        }
    }

    let missing: Vec<&str> = COLUMNS
        .into_iter()
        .filter(|name| !found.contains_key(*name))
        .collect();
    if missing.is_empty() {
        return Ok(COLUMNS.map(|name| found[name]));
    }
    let there: Vec<String> = header.iter().map(shorten).collect();
    Err(ReportsError::at(
        1,
        format!(
            "il manque la colonne `{}` ; colonnes lues : {}",
            missing.join("`, `"),
            there.join(", ")
        ),
    ))
}

fn report(
    record: &StringRecord,
    columns: usize,
    places: [usize; 4],
) -> Result<RiderReport, ReportsError> {
    let line = record.position().map_or(0, csv::Position::line);
    let bytes = record.as_slice().len();
    if bytes > MAX_REPORT_BYTES {
        let reason = format!("{bytes} octets : un guillemet n’est sans doute jamais refermé");
        return Err(ReportsError::at(line, reason));
    }
    if record.len() != columns {
        let reason = format!("{} colonnes au lieu de {columns}", record.len());
        return Err(ReportsError::at(line, reason));
    }

    let [text, category, date, city] = places.map(|place| record[place].trim());
    for (name, value) in [("text", text), ("category", category)] {
        if value.is_empty() {
            return Err(ReportsError::at(
                line,
                format!("la colonne `{name}` est vide"),
            ));
        }
    }
    Ok(RiderReport {
        text: text.to_owned(),
        category: category.to_owned(),
        date: date::parse(date).ok_or_else(|| {
            ReportsError::at(
                line,
                format!(
                    "`{}` n’est pas une date, telle que 2026-03-01",
                    shorten(date)
                ),
            )
        })?,
        city: city.to_owned(),
        line,
    })
}

fn broken(error: csv::Error) -> ReportsError {
    let line = error.position().map_or(0, csv::Position::line);
    ReportsError::at(line, error.to_string())
}

/// The start of a value, in an error.
fn shorten(value: &str) -> String {
    value.chars().take(40).collect()
}
