use std::fs;

use serde_json::json;

use super::*;

fn hour(text: &str) -> Hour {
    text.parse().unwrap()
}

#[test]
fn hours_are_read_in_utc_and_in_the_units_of_the_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weather_forecast.json");

    let answer = json!({
        "utc_offset_seconds": 3600,
        "hourly_units": {"time": "iso8601", "temperature_2m": "°F", "wind_speed_10m": "m/s", "precipitation": "inch"},
        "hourly": {
            "time": ["2026-03-01T09:00", "2026-03-01T10:00"],
            "temperature_2m": [50.0, null],
            "wind_speed_10m": [10, 5],
            "precipitation": [0.5],
        },
    });

    fs::write(&path, answer.to_string()).unwrap();
    let hours = read_hours(&path).unwrap().unwrap();

    assert_eq!(
        hours[&hour("2026-03-01T08:00:00Z")],
        [Some(10.0), None, None, Some(36.0), Some(12.7), None]
    );
    assert_eq!(
        hours[&hour("2026-03-01T09:00:00Z")],
        [None, None, None, Some(18.0), None, None]
    );
}

#[test]
fn an_hour_of_another_age_is_refused_and_no_offset_overflows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weather_archive.json");

    for (time, offset) in [
        ("9999-12-31T23:00", 0),
        ("0001-01-01T00:00", 0),
        ("2026-03-01T09:00", i64::MIN),
    ] {
        let answer = json!({"utc_offset_seconds": offset, "hourly": {"time": [time]}});
        fs::write(&path, answer.to_string()).unwrap();
        let error = read_hours(&path).unwrap_err().to_string();
        assert!(
            error.contains(time) && error.contains("of the years 1940 to 2099"),
            "{error}"
        );
    }
}

#[test]
fn an_archive_in_parts_is_read_as_one() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read_archive(folder.path()).unwrap().is_none());

    fs::create_dir(folder.path().join("weather_archive")).unwrap();
    for (name, time) in [
        ("2025-01-01_2025-12-31", "2025-12-31T23:00"),
        ("2026-01-01_2026-03-01", "2026-01-01T00:00"),
    ] {
        let answer = json!({"hourly": {"time": [time], "temperature_2m": [1.0]}});

        fs::write(
            folder
                .path()
                .join("weather_archive")
                .join(format!("{name}.json")),
            answer.to_string(),
        )
        .unwrap();
    }

    let archive = read_archive(folder.path()).unwrap().unwrap();
    assert_eq!(archive.len(), 2);

    let hours = archive_hours(&archive, &WeatherByHour::new());
    let whole: WeatherByHour = hours
        .into_iter()
        .map(|hour| (hour.hour, hour.values))
        .collect();
    assert_eq!(whole, archive);
}

#[test]
fn a_bad_answer_is_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weather_forecast.json");

    for (answer, reason) in [
        (json!({"hourly": {"time": ["hier"]}}).to_string(), "`hourly.time` holds `hier`, which is not an instant"),
        (json!({"hourly": {"time": ["2026-03-01T08:30"]}}).to_string(), "which is not the start of an hour in UTC"),
        (
            json!({"hourly_units": {"precipitation": "feet"}, "hourly": {"time": ["2026-03-01T08:00"]}}).to_string(),
            "`hourly_units.precipitation` is `feet`, a unit that is not known",
        ),
        ("{\"hourly\": {\"time\": [".to_owned(), "EOF while parsing"),
        (json!({"reason": "no"}).to_string(), "missing field `hourly`"),
    ] {
        fs::write(&path, answer).unwrap();
        let error = read_hours(&path).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()) && error.contains(reason), "{error}");
    }
}

#[test]
fn fuzz_weather() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weather_forecast.json");
    crate::fuzz::fuzz("weather", |body| {
        fs::write(&path, body).unwrap();
        if let Ok(Some(hours)) = read_hours(&path) {
            archive_hours(&hours, &hours);
        }
    });
}
