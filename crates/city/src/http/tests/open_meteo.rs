use filrouge_types::Hour;
use serde_json::json;

use super::*;
use crate::defects::{DefectKind, weather_defect};

const HOURLY: &str = "hourly=temperature_2m,apparent_temperature,relative_humidity_2m,wind_speed_10m,precipitation,weather_code";

const PLACE: &str = "latitude=45.6&longitude=4.1";

async fn refusal(address: &str) -> String {
    let (status, text) = get_from(City::new(1), address).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{address}: {text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["error"], true);
    answer["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_archive_gives_each_hour_of_the_days_asked_for() {
    let address = format!(
        "/v1/archive?{PLACE}&start_date=2026-03-01&end_date=2026-03-03&{HOURLY}&timezone=UTC"
    );
    let answer = get_json(&address).await;
    let hourly = answer["hourly"].as_object().unwrap();
    assert_eq!(hourly.len(), 7);
    assert!(
        hourly
            .values()
            .all(|list| list.as_array().unwrap().len() == 72)
    );

    assert_eq!(hourly["time"][0], "2026-03-01T00:00");
    assert_eq!(hourly["time"][71], "2026-03-03T23:00");
    assert_eq!(answer["timezone"], "UTC");
    assert_eq!(answer["hourly_units"]["temperature_2m"], "°C");
    assert_eq!(answer["hourly_units"].as_object().unwrap().len(), 7);
}

#[tokio::test]
async fn the_archive_tells_the_truth_but_for_its_defects() {
    let city = City::with_defects(
        1,
        DefectRates {
            trips: 0.0,
            weather_hours: 0.2,
        },
    );

    let address = format!("/v1/archive?{PLACE}&start_date=2026-03-01&end_date=2026-03-10&{HOURLY}");
    let (_, text) = get_from(city.clone(), &address).await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    let first: Hour = "2026-03-01T00:00:00Z".parse().unwrap();

    for at in 0..240 {
        let truth = city.weather(first + at);
        let temperature = &answer["hourly"]["temperature_2m"][at as usize];
        let read = temperature.as_f64().map(|temperature| temperature as f32);

        match weather_defect(city.seed(), city.rates(), first + at) {
            None => assert_eq!(read, Some(truth.temperature_c)),
            Some(DefectKind::MissingHour) => {
                assert_eq!(answer["hourly"]["weather_code"][at as usize], Value::Null)
            }
            Some(_) => {
                assert!((read.unwrap() - truth.temperature_c - 273.15).abs() < 0.01);
                assert_eq!(
                    answer["hourly"]["weather_code"][at as usize],
                    json!(truth.weather_code)
                );
            }
        }
    }
}

#[tokio::test]
async fn numbers_have_one_decimal_and_codes_none() {
    let address = format!("/v1/forecast?{PLACE}&{HOURLY}&forecast_days=1");
    let answer = get_json(&address).await;

    for name in ["temperature_2m", "wind_speed_10m", "precipitation"] {
        for value in answer["hourly"][name].as_array().unwrap() {
            assert!(
                value
                    .to_string()
                    .split('.')
                    .nth(1)
                    .is_some_and(|decimals| decimals.len() == 1),
                "{value}"
            );
        }
    }

    assert!(
        answer["hourly"]["weather_code"]
            .as_array()
            .unwrap()
            .iter()
            .all(Value::is_u64)
    );
}

#[tokio::test]
async fn the_forecast_covers_past_and_coming_days_and_is_never_null() {
    let address = format!("/v1/forecast?{PLACE}&{HOURLY}&past_days=2&forecast_days=4&timezone=GMT");
    let answer = get_json(&address).await;
    assert_eq!(answer["hourly"]["time"].as_array().unwrap().len(), 6 * 24);
    assert_eq!(answer["hourly"]["time"][0], "2026-11-22T00:00");
    assert!(
        answer["hourly"]["temperature_2m"]
            .as_array()
            .unwrap()
            .iter()
            .all(Value::is_number)
    );
}

#[tokio::test]
async fn a_forecast_is_right_about_what_is_over_and_not_quite_about_what_comes() {
    let city = City::new(1);
    let now: Hour = "2026-11-24T09:00:00Z".parse().unwrap();
    let wrong = |hours: std::ops::Range<i64>| {
        hours
            .filter(|lead| city.weather_forecast(now, now + *lead) != city.weather(now + *lead))
            .count()
    };
    assert_eq!(wrong(-48..1), 0);
    assert!(wrong(1..73) > 60);
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused_with_a_reason() {
    let archive = format!("/v1/archive?{PLACE}&{HOURLY}");
    let forecast = format!("/v1/forecast?{PLACE}&{HOURLY}");

    for (address, expected) in [
        (
            format!("{archive}&start_date=2026-11-01&end_date=2026-11-24"),
            "Parameter 'end_date' is out of allowed range from 2020-01-01 to 2026-11-23",
        ),
        (
            format!("{archive}&start_date=2019-12-31&end_date=2020-01-02"),
            "Parameter 'start_date' is out of allowed range from 2020-01-01 to 2026-11-23",
        ),
        (
            format!("{archive}&start_date=2026-03-02&end_date=2026-03-01"),
            "End-date must be larger or equals than start-date",
        ),
        (
            archive.clone(),
            "Parameter 'start_date' and 'end_date' must be set",
        ),
        (
            format!("{forecast}&forecast_days=17"),
            "forecast_days is invalid. Allowed range 0 to 16. Given 17.",
        ),
        (
            format!("{forecast}&past_days=93"),
            "past_days is invalid. Allowed range 0 to 92. Given 93.",
        ),
        (
            format!("{forecast}&timezone=Europe/Paris"),
            "Invalid timezone 'Europe/Paris': only UTC and GMT are served",
        ),
        (
            "/v1/forecast?latitude=91&longitude=4".to_owned(),
            "Latitude must be in range of -90 to 90°. Given: 91.0.",
        ),
    ] {
        assert_eq!(refusal(&address).await, expected, "{address}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    assert!(
        refusal(&format!("/v1/forecast?{PLACE}&hourly=temperature_2m,snow"))
            .await
            .contains("snow")
    );
    assert!(
        refusal("/v1/forecast?longitude=4.1")
            .await
            .contains("latitude")
    );

    assert!(
        refusal(&format!(
            "/v1/archive?{PLACE}&start_date=hier&end_date=2026-03-01"
        ))
        .await
        .contains("start_date")
    );
}
