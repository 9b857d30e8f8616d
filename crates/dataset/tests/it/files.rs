use std::fs;
use std::io::Write;
use std::path::PathBuf;

use filrouge_dataset::{Dataset, DatasetError, TableRead, read_dataset};
use filrouge_types::{Conditions, StationHour, Weather};
use flate2::Compression;
use flate2::write::GzEncoder;
use polars::prelude::{DataFrame, ParquetWriter};
use tempfile::TempDir;

/// A folder of its own for one test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn text(&self, name: &str, content: &str) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    pub(crate) fn gzip(&self, name: &str, content: &str) -> PathBuf {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content.as_bytes()).unwrap();
        fs::write(self.path(name), encoder.finish().unwrap()).unwrap();
        self.path(name)
    }

    pub(crate) fn parquet(&self, name: &str, mut frame: DataFrame) -> PathBuf {
        ParquetWriter::new(fs::File::create(self.path(name)).unwrap())
            .finish(&mut frame)
            .unwrap();
        self.path(name)
    }
}

/// Reads a CSV text as a data set.
pub(crate) fn read_csv(text: &str) -> Result<TableRead<Dataset>, DatasetError> {
    read_dataset(&Folder::new().text("hours.csv", text))
}

/// The error of a CSV text, without the folder of the test.
pub(crate) fn csv_error(text: &str) -> String {
    let message = read_csv(text).unwrap_err().to_string();
    message[message.find("hours.csv").unwrap()..].to_owned()
}

/// A row of which nothing is known but its count.
pub(crate) fn row(station: &str, hour: &str, departures: u32) -> StationHour {
    let conditions = Conditions {
        station_id: station.parse().unwrap(),
        hour: hour.parse().unwrap(),
        weather: Weather::default(),
        is_public_holiday: None,
        is_school_holiday: None,
        event_count: None,
    };
    StationHour {
        conditions,
        departures,
    }
}

/// A row of which all is known.
pub(crate) fn full_row(station: &str, hour: &str, departures: u32) -> StationHour {
    let mut row = row(station, hour, departures);

    row.conditions.weather = Weather {
        temperature_c: Some(-3.5),
        apparent_temperature_c: Some(-7.0),
        relative_humidity_pct: Some(81.0),
        wind_speed_kmh: Some(12.25),
        precipitation_mm: Some(0.1),
        weather_code: Some(71),
    };

    row.conditions.is_public_holiday = Some(true);
    row.conditions.is_school_holiday = Some(false);
    row.conditions.event_count = Some(2);

    row
}
