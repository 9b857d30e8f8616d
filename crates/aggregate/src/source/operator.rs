//! The operator's own table of stations, as its extraction query gives it.

use std::path::Path;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use filrouge_types::StationId;
use serde::Deserialize;

use super::gbfs::Description;
use crate::AggregateError;

#[derive(Deserialize)]
struct Record {
    station_id: String,
    name: Option<String>,
    district: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    capacity: Option<u32>,
    #[serde(alias = "opened_on")]
    installed_on: Option<String>,
}

/// The stations of the operator, `None` for an identifier that is not one; or `None` when the file
/// is absent.
#[expect(
    clippy::type_complexity,
    reason = "a list that may be absent, of records that may be bad"
)]
pub(crate) fn read_stations(
    path: &Path,
    time_zone: Tz,
) -> Result<Option<Vec<Option<(StationId, Description)>>>, AggregateError> {
    let records = super::read_json_lines::<Record>(path)?;
    Ok(records.map(|records| {
        records
            .into_iter()
            .map(|record| describe(record, time_zone))
            .collect()
    }))
}

fn describe(record: Record, time_zone: Tz) -> Option<(StationId, Description)> {
    let description = Description {
        name: record.name,
        district: record.district,
        latitude: record.latitude,
        longitude: record.longitude,
        capacity: record.capacity,
        opened_at: record
            .installed_on
            .and_then(|date| midnight(&date, time_zone)),
    };
    Some((record.station_id.parse().ok()?, description))
}

/// The first instant of a local date, of which the text may go on with a time.
fn midnight(date: &str, time_zone: Tz) -> Option<DateTime<Utc>> {
    let date: NaiveDate = date.get(..10)?.parse().ok()?;
    time_zone
        .from_local_datetime(&date.and_time(chrono::NaiveTime::MIN))
        // A clock put back at midnight shows it twice.
        .earliest()
        .map(|midnight| midnight.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_opens_at_local_midnight() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stations.jsonl");
        let line = serde_json::json!({
            "station_id": "A", "name": "Gare", "district": null, "latitude": 45.6, "longitude": 4.1, "capacity": 20,
            "installed_on": "2025-07-01",
        });

        std::fs::write(&path, format!("{line}\n")).unwrap();
        let stations = read_stations(&path, chrono_tz::Europe::Paris)
            .unwrap()
            .unwrap();
        let (id, description) = stations[0].clone().unwrap();

        assert_eq!(id.as_str(), "A");
        assert_eq!(
            description.opened_at.unwrap().to_rfc3339(),
            "2025-06-30T22:00:00+00:00"
        );
    }
}
