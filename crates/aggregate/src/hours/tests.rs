use super::*;

#[test]
fn hours_outside_of_the_span_and_values_out_of_bounds_are_unknown() {
    let first: Hour = "2026-03-01T08:00:00Z".parse().unwrap();
    let weather = [(
        first,
        [
            Some(12.5),
            Some(900.0),
            Some(101.0),
            Some(8.0),
            Some(0.0),
            Some(61.0),
        ],
    )]
    .into();

    let hours = Hours::new(
        first,
        first + 1,
        &weather,
        &Calendar::default(),
        chrono_tz::UTC,
    );

    let known = hours.get(first).weather;

    assert_eq!(
        (
            known.temperature_c,
            known.apparent_temperature_c,
            known.relative_humidity_pct
        ),
        (Some(12.5), None, None)
    );

    assert_eq!(
        (known.wind_speed_kmh, known.weather_code),
        (Some(8.0), Some(61))
    );
    assert_eq!(hours.get(first + 1), HourConditions::default());
    assert_eq!(hours.get(first - 1), HourConditions::default());
}
