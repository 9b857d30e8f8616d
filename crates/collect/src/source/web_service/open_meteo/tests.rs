use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_archive_is_asked_for_one_calendar_year_at_a_time_until_yesterday() {
    let ranges = years(date("2026-03-02"), 15);
    let expected = [
        ("2024-12-01", "2024-12-31"),
        ("2025-01-01", "2025-12-31"),
        ("2026-01-01", "2026-03-01"),
    ];
    assert_eq!(ranges, expected.map(|(from, to)| (date(from), date(to))));
    assert_eq!(years(date("2026-03-01"), 0), []);
}

fn answer(hours: &[&str]) -> Value {
    let mut hourly: Map<_, _> = VARIABLES
        .split(',')
        .map(|name| (name.to_owned(), hours.iter().map(|_| 1.5).collect()))
        .collect();
    hourly.insert("time".to_owned(), hours.iter().copied().collect());
    serde_json::json!({ "latitude": 45.6, "hourly": hourly })
}

#[test]
fn parts_are_joined_end_to_end() {
    let whole = join(vec![
        answer(&["2025-12-31T23:00"]),
        answer(&["2026-01-01T00:00", "2026-01-01T01:00"]),
    ]);
    let expected = answer(&["2025-12-31T23:00", "2026-01-01T00:00", "2026-01-01T01:00"]);
    assert_eq!(whole, Some(expected));
}

#[test]
fn a_list_that_is_absent_or_too_short_is_named() {
    let mut body = answer(&["2026-01-01T00:00"]);
    body["hourly"]["precipitation"] = serde_json::json!([]);

    let error = read(body.to_string().as_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`hourly.precipitation` has 0 values for 1 hours"
    );

    let error =
        read(br#"{"error":true,"reason":"Parameter 'start_date' is out of allowed range"}"#)
            .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the service refuses: Parameter 'start_date' is out of allowed range"
    );
}
#[test]
fn fuzz_weather() {
    crate::fuzz::fuzz("open-meteo", |body| {
        if let Ok((_, part)) = read(body) {
            join(vec![part.clone(), part]);
        }
    });
}
