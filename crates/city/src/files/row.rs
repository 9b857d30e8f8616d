//! One row of the trip history, true or not.

use std::borrow::Cow;
use std::io::Write;

use chrono::{DateTime, Datelike, Timelike};
use encoding_rs::WINDOWS_1252;

use crate::day::Trip;
use crate::defects::{DefectKind, TripDefect};
use crate::geography::{STATIONS, station_code};

pub(super) const HEADER: &str = "ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,\
    end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual\n";

const HOUR: i64 = 3_600_000;

/// Texts that an operator could have written instead of a date.
const UNREADABLE: [&str; 4] = [
    "non disponible",
    "0000-00-00 00:00:00",
    "2025-02-30 25:61:00.000",
    "####################",
];

/// A row. Names and codes never need quotes.
pub(super) struct Row<'a> {
    ride: u64,
    trip: &'a Trip,
    started_at: Instant,
    ended_at: Instant,
    start_name: Cow<'static, str>,
    start_code: String,
}

enum Instant {
    Milliseconds(i64),
    Unreadable(&'static str),
}

impl<'a> Row<'a> {
    pub(super) fn new(ride: u64, trip: &'a Trip, defect: Option<TripDefect>) -> Self {
        let mut row = Self {
            ride,
            trip,
            started_at: Instant::Milliseconds(trip.started_at),
            ended_at: Instant::Milliseconds(trip.ended_at),
            start_name: Cow::Borrowed(STATIONS[trip.origin].name),
            start_code: station_code(trip.origin),
        };
        if let Some(defect) = defect {
            row.spoil(defect);
        }
        row
    }

    fn spoil(&mut self, TripDefect { kind, bits }: TripDefect) {
        let pick = |count: u64| bits % count;

        match kind {
            DefectKind::NegativeDuration => {
                std::mem::swap(&mut self.started_at, &mut self.ended_at)
            }
            DefectKind::ClockChange => {
                self.ended_at = Instant::Milliseconds(self.trip.ended_at - HOUR)
            }
            DefectKind::ExcessiveDuration => {
                // Up to three days more, and a minute at least.
                let too_long = 24 * HOUR + (pick(72 * 60) as i64 + 1) * 60_000;
                self.ended_at = Instant::Milliseconds(self.trip.started_at + too_long);
            }
            // The true codes stop far below 900.
            DefectKind::UnknownStation => self.start_code = format!("RIV-{}", 900 + pick(100)),
            DefectKind::MissingStation => self.start_code.clear(),
            DefectKind::UnreadableInstant => {
                self.started_at =
                    Instant::Unreadable(UNREADABLE[pick(UNREADABLE.len() as u64) as usize]);
            }
            DefectKind::WrongEncoding => self.start_name = misread(STATIONS[self.trip.origin].name),
            DefectKind::DuplicateTrip | DefectKind::KelvinTemperature | DefectKind::MissingHour => {
            }
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(256);
        self.write(&mut text);
        text
    }

    pub(super) fn write(&self, text: &mut Vec<u8>) {
        let Self {
            trip,
            start_name,
            start_code,
            ..
        } = self;

        let (origin, destination) = (&STATIONS[trip.origin], &STATIONS[trip.destination]);

        // A `strftime` pattern would be parsed again for each of a million rows.
        put(
            text,
            format_args!("{:016X},{},", self.ride, trip.vehicle.name()),
        );
        self.started_at.write(text);
        text.push(b',');
        self.ended_at.write(text);

        put(
            text,
            format_args!(
                ",{start_name},{start_code},{},{},",
                destination.name,
                station_code(trip.destination)
            ),
        );

        put(
            text,
            format_args!("{:.5},{:.5},", origin.latitude, origin.longitude),
        );
        put(
            text,
            format_args!("{:.5},{:.5},", destination.latitude, destination.longitude),
        );

        put(
            text,
            format_args!("{}\n", if trip.is_member { "member" } else { "casual" }),
        );
    }
}

/// Number of trips between a duplicated row and its copy.
pub(super) const fn duplicate_after(defect: TripDefect) -> usize {
    (defect.bits % 250) as usize + 1
}

/// UTF-8 read as Windows-1252: `é` becomes `Ã©`.
fn misread(name: &'static str) -> Cow<'static, str> {
    WINDOWS_1252.decode_without_bom_handling(name.as_bytes()).0
}

impl Instant {
    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Self::Unreadable(unreadable) => text.extend_from_slice(unreadable.as_bytes()),
            Self::Milliseconds(milliseconds) => {
                let at = DateTime::from_timestamp_millis(*milliseconds)
                    .unwrap_or_default()
                    .naive_utc();

                put(
                    text,
                    format_args!("{:04}-{:02}-{:02} ", at.year(), at.month(), at.day()),
                );
                put(
                    text,
                    format_args!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second()),
                );

                put(text, format_args!(".{:03}", milliseconds.rem_euclid(1000)));
            }
        }
    }
}

fn put(text: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = text.write_fmt(arguments);
}
