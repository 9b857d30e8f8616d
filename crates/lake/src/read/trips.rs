use std::borrow::Cow;

use chrono_tz::Tz;
use encoding_rs::WINDOWS_1252;
use polars::prelude::{
    ChunkedBuilder, Column, DataFrame, DataType, Float64Type, Int64Type, IntoColumn, IntoSeries, PlSmallStr,
    PolarsResult, PrimitiveChunkedBuilder, Scalar, StringChunkedBuilder, TimeUnit, TimeZone, UInt32Type,
};

use super::column_set::Field;
use super::instant::{DateFormat, parse_instant};
use super::records::Record;

const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// Canonical trips of one file, column by column, until they become a frame.
pub(super) struct Trips {
    /// What each column of the file is.
    fields: Vec<Field>,
    zone: Tz,
    /// Where each canonical field stands in a record.
    places: Places,
    instants: [PrimitiveChunkedBuilder<Int64Type>; INSTANTS.len()],
    texts: [StringChunkedBuilder; TEXTS.len()],
    degrees: [PrimitiveChunkedBuilder<Float64Type>; DEGREES.len()],
    duration: PrimitiveChunkedBuilder<Int64Type>,
    source_line: PrimitiveChunkedBuilder<UInt32Type>,
    rows: usize,
    pub(super) unreadable_starts: u64,
    pub(super) formats: Vec<DateFormat>,
}

struct Places {
    instants: [Option<usize>; 2],
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
    Trips::new(Vec::new(), Tz::UTC).take_frame("")
}

impl Trips {
    /// No trip yet; `fields` says what each column of the file is.
    pub(super) fn new(fields: Vec<Field>, zone: Tz) -> Self {
        let place = |wanted: Field| fields.iter().position(|&field| field == wanted);
        Self {
            zone,
            places: Places {
                instants: [place(Field::StartedAt), place(Field::EndedAt)],
                texts: TEXTS.map(|(_, field)| place(field)),
                degrees: DEGREES.map(|(_, field)| place(field)),
                duration: place(Field::Duration),
            },
            instants: INSTANTS.map(|name| PrimitiveChunkedBuilder::new(name.into(), 0)),
            texts: TEXTS.map(|(name, _)| StringChunkedBuilder::new(name.into(), 0)),
            degrees: DEGREES.map(|(name, _)| PrimitiveChunkedBuilder::new(name.into(), 0)),
            duration: PrimitiveChunkedBuilder::new("duration_seconds".into(), 0),
            source_line: PrimitiveChunkedBuilder::new("source_line".into(), 0),
            fields,
            rows: 0,
            unreadable_starts: 0,
            formats: Vec::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Adds a record, which has as many fields as the header.
    pub(super) fn push(&mut self, record: &Record) {
        let [started_at, ended_at] = self.places.instants.map(|place| self.instant(record, place));
        self.unreadable_starts += u64::from(started_at.is_none());
        let hour = started_at.map(|instant| instant.div_euclid(MICROSECONDS_AN_HOUR) * MICROSECONDS_AN_HOUR);
        for (builder, instant) in self.instants.iter_mut().zip([started_at, ended_at, hour]) {
            builder.append_option(instant);
        }
        for (builder, &place) in self.texts.iter_mut().zip(&self.places.texts) {
            match place.map(|place| text(record.field(place))) {
                Some(Cow::Borrowed("" | "NULL" | "\\N")) | None => builder.append_null(),
                Some(text) => builder.append_value(text),
            }
        }
        for (builder, &place) in self.degrees.iter_mut().zip(&self.places.degrees) {
            builder.append_option(place.and_then(|place| number(record.field(place))));
        }
        self.duration.append_option(self.places.duration.and_then(|place| whole_number(record.field(place))));
        self.source_line.append_value(record.line);
        self.rows += 1;
    }

    /// The trips so far as a canonical frame; none are left.
    pub(super) fn take_frame(&mut self, source_file: &str) -> PolarsResult<DataFrame> {
        let formats = std::mem::take(&mut self.formats);
        let next =
            Self { unreadable_starts: self.unreadable_starts, formats, ..Self::new(self.fields.clone(), self.zone) };
        let full = std::mem::replace(self, next);
        let rows = full.rows;
        let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        let instants = full.instants.into_iter().map(|builder| builder.finish().into_series().cast(&utc));
        let mut columns: Vec<Column> =
            instants.map(|series| series.map(IntoColumn::into_column)).collect::<PolarsResult<_>>()?;
        columns.extend(full.texts.into_iter().map(|builder| builder.finish().into_column()));
        columns.extend(full.degrees.into_iter().map(|builder| builder.finish().into_column()));
        columns.push(full.duration.finish().into_column());
        columns.push(full.source_line.finish().into_column());
        columns.push(Column::new_scalar("source_file".into(), Scalar::from(PlSmallStr::from_str(source_file)), rows));
        DataFrame::new(rows, columns)?.select(CANONICAL_COLUMNS)
    }

    fn instant(&mut self, record: &Record, place: Option<usize>) -> Option<i64> {
        let (instant, format) = parse_instant(record.field(place?).trim_ascii(), self.zone)?;
        if !self.formats.contains(&format) {
            self.formats.push(format);
        }
        Some(instant)
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
    std::str::from_utf8(field.trim_ascii()).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

fn whole_number(field: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(field.trim_ascii()).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second is of no use, bounds saturate")]
    text.parse().ok().or_else(|| number(field).map(|number| number as i64))
}
