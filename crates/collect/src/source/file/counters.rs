//! Municipal counters: bicycles seen by a sensor during an hour of local time.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use csv::{ReaderBuilder, StringRecord};
use filrouge_bounded::{Progress, Records, TABLE_COLUMNS, Utf8};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::dialect::Dialect;

/// The names of the columns in the header, whatever their order.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    counter_id: String,
    hour_local: String,
    count: String,
}

/// A table that was read.
pub(super) struct Table {
    pub(super) rows: u64,
    pub(super) columns: Vec<String>,
    pub(super) decisions: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// One line of the table. An unreadable cell is null.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Count {
    counter_id: Option<String>,
    /// ISO 8601, local time, with the offset when the file gives it.
    hour_local: Option<String>,
    /// A whole number, unless the file gives a fraction.
    count: Option<Number>,
}

/// Writings of an instant: with an offset, or in local time. The French put the day before the
/// month.
const OFFSET_FORMATS: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%d %H:%M:%S%:z"];
const LOCAL_FORMATS: [&str; 8] = [
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %Hh%M",
    "%d-%m-%Y %H:%M",
];

/// Reads `table`, its dialect being decided from the bytes, and gives each line to `sink`. The file
/// may be larger than memory: it is read three times.
pub(super) fn read(
    table: &mut (impl Read + Seek),
    columns: &Columns,
    mut sink: impl FnMut(Count) -> Result<()>,
) -> Result<Table> {
    let dialect = Dialect::detect(table)?;
    let mut first = Lines::new(&dialect, &mut *table)?;
    let header = first.header()?;
    let positions = Positions::find(&header, columns)?;

    // Decided for the whole file: `1,5` alone could be fifteen tenths or one and a half thousand.
    let mut decimal_comma = false;
    while let Some(record) = first.next()? {
        decimal_comma |= dialect.separator != b',' && positions.count(record).contains(',');
    }

    let mut rows = 0;
    let mut formats: BTreeMap<_, usize> = BTreeMap::new();
    let mut unread = Unread::default();
    let mut lines = Lines::new(&dialect, table)?;
    lines.header()?;
    while let Some(record) = lines.next()? {
        let count = positions.read(record, decimal_comma, &mut formats);
        unread.look_at(&count);
        sink(count)?;
        rows += 1;
    }

    let sign = if decimal_comma { "comma" } else { "point" };
    let instants = |(format, times)| format!("instants: {format} ({times} lines)");
    let mut decisions = dialect.decisions;
    decisions.push(format!("decimal sign: {sign}"));
    decisions.extend(formats.into_iter().map(instants));

    Ok(Table {
        rows,
        columns: header.iter().map(|name| name.trim().to_owned()).collect(),
        notes: unread.notes(),
        decisions,
    })
}

/// The lines of a table, one after the other.
struct Lines<R> {
    reader: csv::Reader<Records<Utf8<R>>>,
    progress: Progress,
    record: StringRecord,
}

impl<R: Read + Seek> Lines<R> {
    fn new(dialect: &Dialect, table: R) -> Result<Self> {
        let (text, progress) = Records::new(dialect.text(table)?);
        let reader = ReaderBuilder::new()
            .delimiter(dialect.separator)
            .flexible(true)
            .from_reader(text);

        Ok(Self {
            reader,
            progress,
            record: StringRecord::new(),
        })
    }

    fn header(&mut self) -> Result<StringRecord> {
        let header = self.reader.headers().context("line 1 is not a header")?;
        ensure!(
            header.len() <= TABLE_COLUMNS,
            "the header has {} columns, more than {TABLE_COLUMNS}",
            header.len()
        );
        self.progress.next();
        Ok(header.clone())
    }

    fn next(&mut self) -> Result<Option<&StringRecord>> {
        let is_one = self
            .reader
            .read_record(&mut self.record)
            .context("it is not a table")?;
        self.progress.next();
        Ok(is_one.then_some(&self.record))
    }
}

/// Positions of the columns in this file.
struct Positions {
    counter_id: usize,
    hour_local: usize,
    count: usize,
}

impl Positions {
    fn find(header: &StringRecord, columns: &Columns) -> Result<Self> {
        let place = |wanted: &str| {
            let found = header
                .iter()
                .position(|name| name.trim().to_lowercase() == wanted.to_lowercase());

            found.with_context(|| {
                let names: Vec<_> = header.iter().map(str::trim).collect();
                format!(
                    "the header has no column `{wanted}`, only: {}",
                    names.join(", ")
                )
            })
        };

        Ok(Self {
            counter_id: place(&columns.counter_id)?,
            hour_local: place(&columns.hour_local)?,
            count: place(&columns.count)?,
        })
    }

    fn count<'a>(&self, record: &'a StringRecord) -> &'a str {
        record.get(self.count).unwrap_or_default().trim()
    }

    fn read(
        &self,
        record: &StringRecord,
        decimal_comma: bool,
        formats: &mut BTreeMap<&'static str, usize>,
    ) -> Count {
        let counter_id = record
            .get(self.counter_id)
            .map(str::trim)
            .filter(|id| !id.is_empty());
        let instant = instant(record.get(self.hour_local).unwrap_or_default().trim());
        if let Some((_, format)) = instant {
            *formats.entry(format).or_default() += 1;
        }

        Count {
            counter_id: counter_id.map(str::to_owned),
            hour_local: instant.map(|(text, _)| text),
            count: number(self.count(record), decimal_comma),
        }
    }
}

/// The instant in ISO 8601, and the format it was written in.
fn instant(text: &str) -> Option<(String, &'static str)> {
    let offset = OFFSET_FORMATS.into_iter().find_map(|format| {
        let instant = DateTime::parse_from_str(text, format).ok()?;
        Some((instant.to_rfc3339_opts(SecondsFormat::Secs, false), format))
    });
    offset.or_else(|| {
        LOCAL_FORMATS.into_iter().find_map(|format| {
            let instant = NaiveDateTime::parse_from_str(text, format).ok()?;
            Some((instant.format("%Y-%m-%dT%H:%M:%S").to_string(), format))
        })
    })
}

/// A number, with any kind of space between thousands.
fn number(text: &str, decimal_comma: bool) -> Option<Number> {
    let mut text: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    if decimal_comma {
        text = text.replace('.', "").replace(',', ".");
    }

    let value: f64 = text.parse().ok()?;
    // Whole numbers up to 2^53 are exact in 64-bit floating point.
    let whole = value.fract() == 0.0 && value.abs() < 9e15;
    if whole {
        Some(Number::from(value as i64))
    } else {
        Number::from_f64(value)
    }
}

/// Cells of each column that could not be read.
#[derive(Default)]
struct Unread {
    counter_id: usize,
    hour_local: usize,
    count: usize,
}

impl Unread {
    fn look_at(&mut self, count: &Count) {
        self.counter_id += usize::from(count.counter_id.is_none());
        self.hour_local += usize::from(count.hour_local.is_none());
        self.count += usize::from(count.count.is_none());
    }

    fn notes(&self) -> Vec<String> {
        let columns = [
            ("counter_id", self.counter_id),
            ("hour_local", self.hour_local),
            ("count", self.count),
        ];
        let unread = columns.into_iter().filter(|(_, times)| *times > 0);
        unread
            .map(|(name, times)| format!("{name} is empty or cannot be read on {times} lines"))
            .collect()
    }
}

#[cfg(test)]
mod tests;
