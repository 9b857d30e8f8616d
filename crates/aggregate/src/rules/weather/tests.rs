use super::*;
use crate::source::weather::{WeatherByHour, archive_hours};

fn start() -> Hour {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

/// Hours in a row, each with a temperature and a code; `None` is an hour without any value.
fn hours(values: &[Option<(f64, f64)>]) -> WeatherByHour {
    let hour = |value: &Option<(f64, f64)>| -> Values {
        value.map_or_else(Values::default, |(temperature, code)| {
            [
                Some(temperature),
                Some(temperature - 1.0),
                Some(50.0),
                None,
                Some(0.0),
                Some(code),
            ]
        })
    };

    (0..)
        .map(|step| start() + step)
        .zip(values.iter().map(hour))
        .collect()
}

/// A temperature and a code, when the hour has them.
type TemperatureAndCode = Option<(f64, f64)>;

/// Temperatures and codes after a rule, and the details of its findings, by hours after the first.
fn judge(
    code: &str,
    archive: &WeatherByHour,
    forecast: &WeatherByHour,
) -> (Vec<TemperatureAndCode>, Vec<(i64, String)>) {
    let rule = WEATHER_RULES.iter().find(|rule| rule.code == code).unwrap();
    let mut hours = archive_hours(archive, forecast);
    let found = rule.judge_weather(&mut hours);

    let after = hours
        .iter()
        .map(|hour| hour.values[TEMPERATURE].zip(hour.values[WEATHER_CODE]));
    let found = found
        .into_iter()
        .map(|(hour, detail)| (hour - start(), detail));
    (after.collect(), found.collect())
}

#[test]
fn r20_brings_kelvins_back_to_degrees_celsius() {
    let archive = hours(&[Some((11.5, 3.0)), Some((284.65, 3.0)), None]);
    let (after, found) = judge("R20", &archive, &WeatherByHour::new());
    assert_eq!(after, [Some((11.5, 3.0)), Some((11.5, 3.0)), None]);
    assert_eq!(found, [(1, "temperature_c=284.65".to_owned())]);
}

#[test]
fn r21_draws_a_line_over_three_hours_at_most_and_keeps_the_code_of_the_hour_before() {
    let archive = hours(&[
        Some((10.0, 3.0)),
        None,
        None,
        None,
        Some((14.0, 61.0)),
        None,
        None,
        None,
        None,
        Some((9.0, 0.0)),
        None,
        Some((8.0, 1.0)),
    ]);

    let (after, found) = judge("R21", &archive, &WeatherByHour::new());
    let line = [
        (10.0, 3.0),
        (11.0, 3.0),
        (12.0, 3.0),
        (13.0, 3.0),
        (14.0, 61.0),
    ]
    .map(Some);

    assert_eq!(after[..5], line);
    assert_eq!(
        after[5..],
        [
            None,
            None,
            None,
            None,
            Some((9.0, 0.0)),
            Some((8.5, 0.0)),
            Some((8.0, 1.0))
        ]
    );

    let outcomes: Vec<_> = found
        .iter()
        .map(|(step, detail)| (*step, detail.trim_start_matches("values=")))
        .collect();
    let unknown = [5, 6, 7, 8].map(|step| (step, "unknown"));

    assert_eq!(outcomes[..3], [1, 2, 3].map(|step| (step, "interpolated")));
    assert_eq!(
        (&outcomes[3..7], &outcomes[7..]),
        (&unknown[..], &[(10, "interpolated")][..])
    );
}

#[test]
fn r21_prefers_what_the_forecast_says_of_the_past() {
    let archive = hours(&[Some((10.0, 3.0)), None, Some((12.0, 3.0))]);
    let forecast = [(start() + 1, hours(&[Some((10.4, 2.0))])[&start()])].into();
    let (after, found) = judge("R21", &archive, &forecast);
    assert_eq!(after[1], Some((10.4, 2.0)));
    assert_eq!(found, [(1, "values=forecast".to_owned())]);
}

#[test]
fn r21_tells_an_hour_that_the_archive_skips_and_leaves_its_edges_alone() {
    let mut archive = hours(&[
        None,
        Some((10.0, 3.0)),
        Some((0.0, 0.0)),
        Some((12.0, 3.0)),
        None,
    ]);

    archive.remove(&(start() + 2));
    let (after, found) = judge("R21", &archive, &WeatherByHour::new());

    assert_eq!(
        after,
        [
            None,
            Some((10.0, 3.0)),
            Some((11.0, 3.0)),
            Some((12.0, 3.0)),
            None
        ]
    );

    assert_eq!(
        found.iter().map(|(step, _)| *step).collect::<Vec<_>>(),
        [0, 2, 4]
    );
}
