//! Trips one by one, as the columns of a frame give them.

use polars::prelude::{DataFrame, Float64Chunked, Int64Chunked, PolarsResult, StringChunked};

use crate::trips::instants;

/// What counting and letting through look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trip<'a> {
    pub(crate) id: Option<&'a str>,
    /// Instants in microseconds.
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    pub(crate) hour: Option<i64>,
    /// As published.
    pub(crate) seconds: Option<i64>,
    pub(crate) station: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
}

/// The columns of [`Trip`].
pub(crate) const COLUMNS: [&str; 9] = [
    "trip_id",
    "started_at",
    "ended_at",
    "started_hour",
    "duration_seconds",
    "start_station_id",
    "start_station_name",
    "start_latitude",
    "start_longitude",
];

/// These columns of a frame.
pub(crate) struct Columns {
    texts: [StringChunked; 3],
    instants: [Int64Chunked; 3],
    seconds: Int64Chunked,
    degrees: [Float64Chunked; 2],
}

impl Columns {
    pub(crate) fn of(frame: &DataFrame) -> PolarsResult<Self> {
        let text = |name: &str| frame.column(name)?.str().cloned();
        let degrees = |name: &str| frame.column(name)?.f64().cloned();
        Ok(Self {
            texts: [
                text("trip_id")?,
                text("start_station_id")?,
                text("start_station_name")?,
            ],
            instants: [
                instants(frame, "started_at")?,
                instants(frame, "ended_at")?,
                instants(frame, "started_hour")?,
            ],
            seconds: frame.column("duration_seconds")?.i64()?.clone(),
            degrees: [degrees("start_latitude")?, degrees("start_longitude")?],
        })
    }

    pub(crate) fn trips(&self) -> impl Iterator<Item = Trip<'_>> {
        let [ids, stations, names] = self.texts.each_ref().map(|texts| texts.iter());
        let [starts, ends, hours] = self.instants.each_ref().map(|instants| instants.iter());
        let [latitudes, longitudes] = self.degrees.each_ref().map(|degrees| degrees.iter());
        let times = starts.zip(ends).zip(hours.zip(self.seconds.iter()));
        let places = stations.zip(names).zip(latitudes.zip(longitudes));

        ids.zip(times).zip(places).map(|((id, times), places)| {
            let (((start, end), (hour, seconds)), ((station, name), (latitude, longitude))) =
                (times, places);

            Trip {
                id,
                start,
                end,
                hour,
                seconds,
                station,
                name,
                latitude,
                longitude,
            }
        })
    }
}
