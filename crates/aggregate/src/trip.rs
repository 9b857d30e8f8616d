//! Trips one by one, as the columns of a frame give them.

use std::borrow::Cow;

use polars::prelude::{
    DataFrame, DataType, Float64Chunked, Int64Chunked, PolarsResult, StringChunked, UInt32Chunked,
};

use crate::identity::{StationRef, StationResolver};
use crate::instant::SECOND;

/// A trip as the rules see it: the columns that the fast path reads. A rule cannot ask for another
/// one, which most trips would not show it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Trip<'a> {
    pub(crate) id: Option<&'a str>,
    /// Instants in microseconds.
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// The hour of the start, as the file gives it.
    pub(crate) hour: Option<i64>,
    /// Seconds, as published.
    pub(crate) published_duration: Option<i64>,
    pub(crate) start_station: StationRef<'a>,
    /// The start station as the trip calls it.
    pub(crate) start_name: Option<Cow<'a, str>>,
    pub(crate) start_latitude: Option<Degrees>,
    pub(crate) start_longitude: Option<Degrees>,
    pub(crate) end_station: StationRef<'a>,
}

/// The columns of [`Trip`].
pub(crate) const COLUMNS: [&str; 10] = [
    "trip_id",
    "started_at",
    "ended_at",
    "started_hour",
    "duration_seconds",
    "start_station_id",
    "start_station_name",
    "start_latitude",
    "start_longitude",
    "end_station_id",
];

/// All that an operator publishes of a trip.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PublishedTrip<'a> {
    pub(crate) trip: Trip<'a>,
    end_name: Option<&'a str>,
    end_latitude: Option<Degrees>,
    end_longitude: Option<Degrees>,
    rider_type: Option<&'a str>,
}

/// A trip, and the place it was read from.
#[derive(Debug, Clone)]
pub(crate) struct ReceivedTrip<'a> {
    pub(crate) source_file: &'a str,
    pub(crate) source_line: u32,
    pub(crate) published: PublishedTrip<'a>,
    pub(crate) source: &'a str,
    /// Its start station bears another of its identifiers.
    pub(crate) is_alias: bool,
}

/// Degrees that can be compared and hashed: one pattern for NaN, and one for zero of either sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Degrees(u64);

/// Equal for a trip and its copies: identifier, start, number of the start station.
pub(crate) type CopyKey<'a> = (Option<&'a str>, Option<i64>, Option<u32>);

impl<'a> Trip<'a> {
    /// Seconds from start to end, as the instants say or else as published.
    pub(crate) fn seconds(&self) -> Option<f64> {
        // Saturating: a file may hold any 64-bit instant.
        let elapsed = self
            .end
            .zip(self.start)
            .map(|(end, start)| end.saturating_sub(start));
        let seconds = elapsed.map(|elapsed| elapsed as f64 / SECOND as f64);
        seconds.or_else(|| self.published_duration.map(|seconds| seconds as f64))
    }

    pub(crate) fn copy_key(&self) -> CopyKey<'a> {
        (self.id, self.start, self.start_station.number)
    }
}

impl<'a> ReceivedTrip<'a> {
    /// The row: its place in its file, and its content. A row that two sources hold is one row.
    pub(crate) fn row(&self) -> (&'a str, u32, &PublishedTrip<'a>) {
        (self.source_file, self.source_line, &self.published)
    }
}

impl Degrees {
    pub(crate) fn new(degrees: f64) -> Self {
        match degrees.is_nan() {
            true => Self(f64::NAN.to_bits()),
            // −0 + 0 = +0 (IEEE 754).
            false => Self((degrees + 0.0).to_bits()),
        }
    }

    pub(crate) fn value(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// The columns [`COLUMNS`] of a frame.
pub(crate) struct TripColumns {
    texts: [StringChunked; 4],
    instants: [Int64Chunked; 3],
    seconds: Int64Chunked,
    degrees: [Float64Chunked; 2],
}

impl TripColumns {
    pub(crate) fn of(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            texts: [
                text(frame, "trip_id")?,
                text(frame, "start_station_id")?,
                text(frame, "start_station_name")?,
                text(frame, "end_station_id")?,
            ],
            instants: [
                instants(frame, "started_at")?,
                instants(frame, "ended_at")?,
                instants(frame, "started_hour")?,
            ],
            seconds: frame.column("duration_seconds")?.i64()?.clone(),
            degrees: [
                degrees(frame, "start_latitude")?,
                degrees(frame, "start_longitude")?,
            ],
        })
    }

    /// The trips in order, and whether each bears an alias of its start station.
    pub(crate) fn trips<'a, 'r: 'a>(
        &'a self,
        stations: &mut StationResolver<'r>,
    ) -> impl Iterator<Item = (Trip<'a>, bool)> {
        let [ids, starts, names, ends] = self.texts.each_ref().map(|texts| texts.iter());
        let [started, ended, hours] = self.instants.each_ref().map(|instants| instants.iter());
        let [latitudes, longitudes] = self.degrees.each_ref().map(|degrees| degrees.iter());

        let times = started.zip(ended).zip(hours.zip(self.seconds.iter()));
        let places = starts.zip(ends).zip(latitudes.zip(longitudes));

        ids.zip(names)
            .zip(times)
            .zip(places)
            .map(|(((id, name), times), places)| {
                let ((start, end), (hour, published_duration)) = times;
                let ((start_id, end_id), (latitude, longitude)) = places;

                let start_station = stations.resolve(start_id);
                // Only the start is counted, as the departures are.
                let is_alias = start_station.id != start_id;

                let trip = Trip {
                    id,
                    start,
                    end,
                    hour,
                    published_duration,
                    start_station,
                    start_name: name.map(Cow::Borrowed),
                    start_latitude: latitude.map(Degrees::new),
                    start_longitude: longitude.map(Degrees::new),
                    end_station: stations.resolve(end_id),
                };
                (trip, is_alias)
            })
    }
}

/// All the columns of a frame of trips.
pub(crate) struct ReceivedColumns {
    trips: TripColumns,
    texts: [StringChunked; 4],
    degrees: [Float64Chunked; 2],
    lines: UInt32Chunked,
}

impl ReceivedColumns {
    pub(crate) fn of(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            trips: TripColumns::of(frame)?,
            texts: [
                text(frame, "end_station_name")?,
                text(frame, "rider_type")?,
                text(frame, "source")?,
                text(frame, "source_file")?,
            ],
            degrees: [
                degrees(frame, "end_latitude")?,
                degrees(frame, "end_longitude")?,
            ],
            lines: frame.column("source_line")?.u32()?.clone(),
        })
    }

    pub(crate) fn trips<'a, 'r: 'a>(
        &'a self,
        stations: &mut StationResolver<'r>,
    ) -> impl Iterator<Item = ReceivedTrip<'a>> {
        let [names, riders, sources, files] = self.texts.each_ref().map(|texts| texts.iter());
        let [latitudes, longitudes] = self.degrees.each_ref().map(|degrees| degrees.iter());

        let ends = names.zip(riders).zip(latitudes.zip(longitudes));
        let places = sources.zip(files).zip(self.lines.iter());

        self.trips
            .trips(stations)
            .zip(ends)
            .zip(places)
            .map(|(((trip, is_alias), end), place)| {
                let ((end_name, rider_type), (latitude, longitude)) = end;
                let ((source, file), line) = place;

                ReceivedTrip {
                    // Every row bears the three: collection and the reading of its file write them.
                    source_file: file.unwrap_or_default(),
                    source_line: line.unwrap_or_default(),
                    source: source.unwrap_or_default(),
                    is_alias,
                    published: PublishedTrip {
                        trip,
                        end_name,
                        end_latitude: latitude.map(Degrees::new),
                        end_longitude: longitude.map(Degrees::new),
                        rider_type,
                    },
                }
            })
    }
}

/// The values of a column of instants, microseconds.
pub(crate) fn instants(frame: &DataFrame, name: &str) -> PolarsResult<Int64Chunked> {
    frame.column(name)?.cast(&DataType::Int64)?.i64().cloned()
}

fn text(frame: &DataFrame, name: &str) -> PolarsResult<StringChunked> {
    frame.column(name)?.str().cloned()
}

fn degrees(frame: &DataFrame, name: &str) -> PolarsResult<Float64Chunked> {
    frame.column(name)?.f64().cloned()
}
