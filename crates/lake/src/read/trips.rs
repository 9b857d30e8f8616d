use std::borrow::Cow;

use chrono_tz::Tz;
use encoding_rs::WINDOWS_1252;
use polars::prelude::{
    ChunkedBuilder, Column, DataFrame, DataType, Float64Type, Int64Type, IntoColumn, NamedFrom,
    PlSmallStr, PolarsResult, PrimitiveChunkedBuilder, Scalar, Series, StringChunkedBuilder,
    TimeUnit, TimeZone, UInt32Type,
};

use super::columns::Field;
use super::instant::{DateFormat, Reading, parse_instant};
use super::records::Record;

const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// Canonical trips of one file, column by column, until they become a frame.
pub(super) struct Trips {
    /// Meaning of each column of the file.
    fields: Vec<Field>,
    zone: Tz,
    /// Position of each canonical field in a record.
    places: Places,
    /// Starts and ends, which the dates of the whole batch help to read.
    instants: [Vec<Option<Reading>>; 2],
    texts: [StringChunkedBuilder; TEXTS.len()],
    degrees: [PrimitiveChunkedBuilder<Float64Type>; DEGREES.len()],
    duration: PrimitiveChunkedBuilder<Int64Type>,
    source_line: PrimitiveChunkedBuilder<UInt32Type>,
    rows: usize,
    /// Bytes of the records so far.
    bytes: u64,
    orders: Orders,
    /// True when degrees may have a decimal comma.
    decimal_comma: bool,
    pub(super) is_not_utf_8: bool,
    pub(super) unreadable_starts: u64,
    pub(super) formats: Vec<DateFormat>,
}

/// Proof that the dates met so far give of the order of day and month.
#[derive(Debug, Clone, Copy, Default)]
struct Orders {
    month_first: u64,
    day_first: u64,
}

struct Places {
    /// Positions of the date, or of the whole instant, and of the time of day when it is apart.
    instants: [(Option<usize>, Option<usize>); 2],
    texts: [Option<usize>; TEXTS.len()],
    degrees: [Option<usize>; DEGREES.len()],
    duration: Option<usize>,
}

const INSTANTS: [&str; 3] = ["started_at", "ended_at", "started_hour"];
const TEXTS: [(&str, Field); 6] = [
    ("trip_id", Field::TripId),
    ("start_station_id", Field::StartStationId),
    ("start_station_name", Field::StartStationName),
    ("end_station_id", Field::EndStationId),
    ("end_station_name", Field::EndStationName),
    ("rider_type", Field::RiderType),
];
const DEGREES: [(&str, Field); 4] = [
    ("start_latitude", Field::StartLatitude),
    ("start_longitude", Field::StartLongitude),
    ("end_latitude", Field::EndLatitude),
    ("end_longitude", Field::EndLongitude),
];

/// The columns of the canonical trip, in the order of the contract.
const CANONICAL_COLUMNS: [&str; 16] = [
    "trip_id",
    "started_at",
    "ended_at",
    "started_hour",
    "start_station_id",
    "start_station_name",
    "end_station_id",
    "end_station_name",
    "start_latitude",
    "start_longitude",
    "end_latitude",
    "end_longitude",
    "duration_seconds",
    "rider_type",
    "source_file",
    "source_line",
];

/// A canonical frame without any trip.
pub(crate) fn empty_trips() -> PolarsResult<DataFrame> {
    Trips::new(Vec::new(), Tz::UTC, false).take_frame("")
}

impl Trips {
    /// No trip yet; `fields` gives the meaning of each column of the file. No field of a file whose
    /// separator is a comma has a decimal comma.
    pub(super) fn new(fields: Vec<Field>, zone: Tz, decimal_comma: bool) -> Self {
        let place = |wanted: Field| fields.iter().position(|&field| field == wanted);
        // A station that has no identifier is identified by its name.
        let text = |wanted: Field| match wanted {
            Field::StartStationId => place(wanted).or(place(Field::StartStationName)),
            Field::EndStationId => place(wanted).or(place(Field::EndStationName)),
            _ => place(wanted),
        };

        Self {
            zone,
            places: Places {
                instants: [
                    (place(Field::StartedAt), place(Field::StartTime)),
                    (place(Field::EndedAt), place(Field::EndTime)),
                ],
                texts: TEXTS.map(|(_, field)| text(field)),
                degrees: DEGREES.map(|(_, field)| place(field)),
                duration: place(Field::Duration),
            },
            instants: Default::default(),
            texts: TEXTS.map(|(name, _)| StringChunkedBuilder::new(name.into(), 0)),
            degrees: DEGREES.map(|(name, _)| PrimitiveChunkedBuilder::new(name.into(), 0)),
            duration: PrimitiveChunkedBuilder::new("duration_seconds".into(), 0),
            source_line: PrimitiveChunkedBuilder::new("source_line".into(), 0),
            fields,
            rows: 0,
            bytes: 0,
            orders: Orders::default(),
            decimal_comma,
            is_not_utf_8: false,
            unreadable_starts: 0,
            formats: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Bytes of the records so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds a record, which has as many fields as the header.
    pub(super) fn push(&mut self, record: &Record) {
        for (index, (date, time)) in self.places.instants.into_iter().enumerate() {
            let reading = date.and_then(|date| self.instant(record, date, time));
            self.instants[index].push(reading);
        }

        for (builder, &place) in self.texts.iter_mut().zip(&self.places.texts) {
            match place.map(|place| text(record.field(place))) {
                // `\N` is the null of MySQL's exports.
                Some(Cow::Borrowed("" | "NULL" | "\\N")) | None => builder.append_null(),
                Some(text) => {
                    self.is_not_utf_8 |= matches!(text, Cow::Owned(_));
                    builder.append_value(text);
                }
            }
        }

        for (builder, &place) in self.degrees.iter_mut().zip(&self.places.degrees) {
            // Null rather than a reject: a trip without coordinates still counts at its station.
            builder.append_option(
                place.and_then(|place| degrees(record.field(place), self.decimal_comma)),
            );
        }

        self.duration.append_option(
            self.places
                .duration
                .and_then(|place| whole_number(record.field(place))),
        );
        self.source_line.append_value(record.line);
        self.rows += 1;
        self.bytes += record.bytes();
    }

    /// The trips so far as a canonical frame; none are left.
    pub(super) fn take_frame(&mut self, source_file: &str) -> PolarsResult<DataFrame> {
        let [started_at, ended_at] =
            std::mem::take(&mut self.instants).map(|readings| self.resolve(&readings));

        self.unreadable_starts += started_at
            .iter()
            .filter(|instant| instant.is_none())
            .count() as u64;

        let next = Self {
            // The proof of a batch serves the next ones of the same file.
            orders: self.orders,
            is_not_utf_8: self.is_not_utf_8,
            unreadable_starts: self.unreadable_starts,
            formats: std::mem::take(&mut self.formats),
            ..Self::new(self.fields.clone(), self.zone, self.decimal_comma)
        };

        let full = std::mem::replace(self, next);
        let rows = full.rows;
        let hour = |instant: i64| instant.div_euclid(MICROSECONDS_AN_HOUR) * MICROSECONDS_AN_HOUR;
        let hours: Vec<Option<i64>> = started_at.iter().map(|instant| instant.map(hour)).collect();
        let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        let instants = INSTANTS.into_iter().zip([started_at, ended_at, hours]);
        let mut columns: Vec<Column> = instants
            .map(|(name, values)| Ok(Series::new(name.into(), values).cast(&utc)?.into_column()))
            .collect::<PolarsResult<_>>()?;

        columns.extend(
            full.texts
                .into_iter()
                .map(|builder| builder.finish().into_column()),
        );
        columns.extend(
            full.degrees
                .into_iter()
                .map(|builder| builder.finish().into_column()),
        );

        columns.push(full.duration.finish().into_column());
        columns.push(full.source_line.finish().into_column());
        columns.push(Column::new_scalar(
            "source_file".into(),
            Scalar::from(PlSmallStr::from_str(source_file)),
            rows,
        ));

        DataFrame::new(rows, columns)?.select(CANONICAL_COLUMNS)
    }

    /// The instant of a record, whose time of day may stand in a column of its own.
    fn instant(&mut self, record: &Record, date: usize, time: Option<usize>) -> Option<Reading> {
        let date = record.field(date).trim_ascii();
        let reading = match time {
            None => parse_instant(date, self.zone)?,
            Some(time) => {
                let time = record.field(time).trim_ascii();
                let whole = [date, time].join(&b' ');
                // The column of the time may hold the date too.
                parse_instant(&whole, self.zone).or_else(|| parse_instant(time, self.zone))?
            }
        };

        match reading.proves() {
            Some(DateFormat::DayFirst) => self.orders.day_first += 1,
            Some(_) => self.orders.month_first += 1,
            None => {}
        }

        Some(reading)
    }

    /// The instants of a batch, in the order that its dates prove; without a proof, in that of the
    /// continent.
    fn resolve(&mut self, readings: &[Option<Reading>]) -> Vec<Option<i64>> {
        let Orders {
            month_first,
            day_first,
        } = self.orders;
        // 1/2/2021 alone proves nothing; Europe writes the day first.
        let is_european = self.zone.name().starts_with("Europe/");
        let is_day_first = day_first > month_first || (day_first == month_first && is_european);
        let usual = if is_day_first {
            DateFormat::DayFirst
        } else {
            DateFormat::MonthFirst
        };

        let mut resolve = |reading: &Option<Reading>| {
            let (instant, format) = reading.as_ref()?.resolve(usual)?;
            if !self.formats.contains(&format) {
                self.formats.push(format);
            }
            Some(instant)
        };

        readings.iter().map(&mut resolve).collect()
    }
}

/// A field as text: UTF-8, or else Windows-1252, in which any bytes are a text.
fn text(field: &[u8]) -> Cow<'_, str> {
    let field = field.trim_ascii();
    match std::str::from_utf8(field) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(field).0,
    }
}

fn number(field: &[u8]) -> Option<f64> {
    std::str::from_utf8(field.trim_ascii())
        .ok()?
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Degrees, written with a point or, in some files, with a comma.
fn degrees(field: &[u8], decimal_comma: bool) -> Option<f64> {
    match decimal_comma && field.contains(&b',') {
        true => number(
            &field
                .iter()
                .map(|&byte| if byte == b',' { b'.' } else { byte })
                .collect::<Vec<_>>(),
        ),
        false => number(field),
    }
}

fn whole_number(field: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(field.trim_ascii()).ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a fraction of a second is of no use, bounds saturate"
    )]
    text.parse()
        .ok()
        .or_else(|| number(field).map(|number| number as i64))
}
