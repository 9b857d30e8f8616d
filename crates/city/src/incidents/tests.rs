use super::*;
use crate::city::City;
use crate::defects::DefectRates;

fn hour(text: &str) -> Hour {
    text.parse().unwrap()
}

fn city_with(kind: IncidentKind) -> City {
    City::with_defects(1, DefectRates::NONE)
        .with_incidents([Incident::since(hour("2026-03-03T00:00:00Z"), kind)])
}

/// Departures expected from all stations in the 24 hours of a day.
fn expected(city: &City, day: &str) -> Vec<f64> {
    let first = hour(&format!("{day}T00:00:00Z"));
    let of = |hour| {
        city.stations()
            .iter()
            .filter_map(|station| city.expected_departures(&station.station_id, hour))
            .sum()
    };
    (0..24).map(|hours| of(first + hours)).collect()
}

#[test]
fn a_shift_of_demand_multiplies_what_riders_want_from_its_first_hour() {
    let (before, shifted) = (
        City::new(1),
        city_with(IncidentKind::DemandShift { factor: 1.3 }),
    );
    assert_eq!(
        expected(&before, "2026-03-02"),
        expected(&shifted, "2026-03-02")
    );
    for (usual, shifted) in expected(&before, "2026-03-03")
        .into_iter()
        .zip(expected(&shifted, "2026-03-03"))
    {
        assert!(
            (shifted - 1.3 * usual).abs() < 1e-9,
            "{usual} then {shifted}"
        );
    }
}

#[test]
fn trips_follow_the_demand_and_days_before_stay_the_same() {
    let (before, shifted) = (
        City::new(1),
        city_with(IncidentKind::DemandShift { factor: 1.3 }),
    );
    let trips = |city: &City, day: &str| city.simulate(day.parse().unwrap()).trips;
    assert_eq!(trips(&before, "2026-03-01"), trips(&shifted, "2026-03-01"));
    let ratio =
        trips(&shifted, "2026-03-05").len() as f64 / trips(&before, "2026-03-05").len() as f64;
    assert!((1.15..1.4).contains(&ratio), "{ratio}");
}

#[test]
fn a_new_habit_moves_the_peaks_by_two_hours() {
    let peak = |city: &City| {
        let morning = expected(city, "2026-03-03")
            .into_iter()
            .take(12)
            .enumerate();
        morning
            .max_by(|one, other| one.1.total_cmp(&other.1))
            .unwrap()
            .0
    };

    assert_eq!(
        peak(&city_with(IncidentKind::NewHabit)),
        peak(&City::new(1)) + 2
    );
}

#[test]
fn a_frozen_sensor_repeats_itself_and_the_weather_goes_on() {
    let city = city_with(IncidentKind::FrozenSensor);
    let frozen = hour("2026-03-03T00:00:00Z");
    assert!((0..72).all(|hours| city.published_weather(frozen + hours) == city.weather(frozen)));
    assert_ne!(city.weather(frozen + 12), city.weather(frozen));
    assert_eq!(city.published_weather(frozen - 1), city.weather(frozen - 1));
}

#[test]
fn another_unit_is_published_and_the_weather_is_the_same() {
    let city = city_with(IncidentKind::UnitChange);
    let of = hour("2026-03-03T12:00:00Z");
    let fahrenheit = f64::from(city.weather(of).temperature_c) * 1.8 + 32.0;
    assert!((f64::from(city.published_weather(of).temperature_c) - fahrenheit).abs() < 0.01);
    assert_eq!(city.weather(of), City::new(1).weather(of));
}

#[test]
fn an_incident_ends() {
    let incident = Incident::since(hour("2026-03-03T00:00:00Z"), IncidentKind::FrozenSensor);
    let city = City::new(1).with_incidents([incident.until(hour("2026-03-04T00:00:00Z"))]);
    let after = hour("2026-03-04T00:00:00Z");
    assert_ne!(city.published_weather(after - 1), city.weather(after - 1));
    assert_eq!(city.published_weather(after), city.weather(after));
}

#[test]
fn an_incident_is_written_as_json() {
    let incident = Incident::since(
        hour("2026-03-03T00:00:00Z"),
        IncidentKind::DemandShift { factor: 1.3 },
    );
    let text = r#"{"kind":"demand_shift","factor":1.3,"from":"2026-03-03T00:00:00Z"}"#;
    assert_eq!(serde_json::to_string(&incident).unwrap(), text);
    assert_eq!(serde_json::from_str::<Incident>(text).unwrap(), incident);
}
