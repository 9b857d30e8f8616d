use super::*;

const SEED: Seed = Seed(1);

fn hours(from: &str, days: i64) -> impl Iterator<Item = Hour> + use<> {
    let first: Hour = from.parse().unwrap();
    (0..24 * days).map(move |hours| first + hours)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn two_years() -> Vec<HourWeather> {
    hours("2024-11-01T00:00:00Z", 730)
        .map(|hour| observed(SEED, hour))
        .collect()
}

#[test]
fn seasons_are_those_of_the_middle_of_france() {
    let of_month = |month: u32| {
        let years =
            (2010..2026).flat_map(|year| hours(&format!("{year}-{month:02}-01T00:00:00Z"), 30));
        mean(years.map(|hour| f64::from(observed(SEED, hour).temperature_c)))
    };
    let (january, july) = (of_month(1), of_month(7));
    assert!((1.0..5.0).contains(&january), "{january} °C");
    assert!((19.0..23.0).contains(&july), "{july} °C");
}

#[test]
fn afternoons_are_warmer_than_nights() {
    let at = |wanted: i64| {
        let hours = hours("2026-06-01T00:00:00Z", 60)
            .filter(|hour| hour.hours_since_epoch() % 24 == wanted);
        mean(hours.map(|hour| f64::from(observed(SEED, hour).temperature_c)))
    };
    assert!(at(14) > at(3) + 4.0);
}

#[test]
fn rain_falls_in_one_hour_out_of_six_or_so_and_as_much_as_in_france() {
    let weather = two_years();
    let wet = weather
        .iter()
        .filter(|hour| hour.precipitation_mm > 0.0)
        .count() as f64
        / weather.len() as f64;
    let a_year = weather
        .iter()
        .map(|hour| f64::from(hour.precipitation_mm))
        .sum::<f64>()
        / 2.0;

    assert!((0.1..0.25).contains(&wet), "{wet}");
    assert!((500.0..1300.0).contains(&a_year), "{a_year} mm");
}

#[test]
fn figures_agree_with_one_another() {
    for hour in two_years() {
        assert!(
            (22.0..=100.0).contains(&hour.relative_humidity_pct),
            "{hour:?}"
        );
        assert!((0.0..120.0).contains(&hour.wind_speed_kmh), "{hour:?}");
        assert!((-30.0..47.0).contains(&hour.temperature_c), "{hour:?}");
        assert!(
            (hour.temperature_c - hour.apparent_temperature_c).abs() < 25.0,
            "{hour:?}"
        );

        assert_eq!(
            hour.precipitation_mm > 0.0,
            hour.weather_code > 50,
            "{hour:?}"
        );

        if (71..=75).contains(&hour.weather_code) {
            assert!(hour.temperature_c < 0.5, "it snows at {hour:?}");
        }
    }
}

#[test]
fn every_sky_is_seen_in_two_years() {
    let seen: std::collections::BTreeSet<u8> =
        two_years().iter().map(|hour| hour.weather_code).collect();
    assert!(
        [0, 1, 2, 3, 51, 61, 63, 71, 95]
            .iter()
            .all(|code| seen.contains(code)),
        "{seen:?}"
    );
}

#[test]
fn a_forecast_of_the_past_is_the_truth() {
    let issued: Hour = "2026-03-01T08:00:00Z".parse().unwrap();
    for hours in 0..48 {
        assert_eq!(
            forecast(SEED, issued, issued - hours),
            observed(SEED, issued - hours)
        );
    }
}

#[test]
fn the_error_of_a_forecast_grows_with_its_lead() {
    let error = |lead: i64| {
        let issues = hours("2026-01-01T00:00:00Z", 200);
        mean(issues.map(|issued| {
            let hour = issued + lead;
            f64::from(
                (forecast(SEED, issued, hour).temperature_c - observed(SEED, hour).temperature_c)
                    .abs(),
            )
        }))
    };

    let errors = [1, 6, 24, 48, 120].map(error);

    assert!(
        errors.windows(2).all(|pair| pair[0] < pair[1]),
        "{errors:?}"
    );
    assert!(
        (0.5..1.8).contains(&errors[2]),
        "one day ahead: {} °C",
        errors[2]
    );
}

#[test]
fn another_seed_is_another_weather() {
    let hour: Hour = "2026-03-01T08:00:00Z".parse().unwrap();
    assert_eq!(observed(SEED, hour), observed(Seed(1), hour));
    assert_ne!(observed(SEED, hour), observed(Seed(2), hour));
}
