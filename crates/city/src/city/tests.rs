use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_past_begins_on_the_first_of_a_month_two_years_before() {
    for (now, start) in [
        ("2026-11-24T09:30:00Z", "2024-11-01T00:00:00Z"),
        ("2026-12-01T00:00:00Z", "2024-12-01T00:00:00Z"),
        ("2028-02-29T23:59:59Z", "2026-02-01T00:00:00Z"),
    ] {
        assert_eq!(City::history_start(at(now)), at(start), "{now}");
    }
}

#[test]
fn the_present_is_one_day_simulated_up_to_now() {
    let city = City::new(1);
    let other = City::new(1);
    // Asking for another day in between changes nothing.
    other.availability(at("2025-01-01T12:00:00Z"));
    let now = at("2026-11-24T09:30:00Z");
    assert_eq!(city.availability(now), other.availability(now));
    assert_ne!(
        city.availability(now),
        city.availability(at("2026-11-24T09:40:00Z"))
    );

    for (station, site) in city.availability(now).iter().zip(&geography::STATIONS) {
        assert_eq!(
            station.classic_bikes + station.electric_bikes + station.free_docks,
            site.capacity
        );
    }
}

#[test]
fn true_departures_are_near_to_those_expected_over_a_month() {
    let city = City::new(1);
    let station = "RIV-002".parse().unwrap();
    let first: Hour = "2026-03-01T00:00:00Z".parse().unwrap();
    let hours = || (0..30 * 24).map(|hour| first + hour);
    let departures: usize = hours()
        .filter_map(|hour| city.true_departures(&station, hour))
        .sum();

    let expected: f64 = hours()
        .filter_map(|hour| city.expected_departures(&station, hour))
        .sum();
    let ratio = departures as f64 / expected;

    assert!(
        (0.9..1.05).contains(&ratio),
        "{departures} beside {expected}"
    );
}

#[test]
fn bikes_come_and_go_with_the_trips_until_trucks_pass_at_three() {
    let city = City::new(1);
    // Friday 6 March 2026, 03:00 local.
    let first: Hour = "2026-03-06T02:00:00Z".parse().unwrap();
    let station = &city.stations()[1].station_id;
    let bikes = |hour: Hour| {
        let of_station = &city.availability(hour.start())[1];
        usize::from(of_station.classic_bikes + of_station.electric_bikes)
    };

    for hour in (0..23).map(|index| first + index) {
        let arrivals = city.true_arrivals(station, hour).unwrap();
        let departures = city.true_departures(station, hour).unwrap();
        assert_eq!(
            bikes(hour) + arrivals,
            bikes(hour + 1) + departures,
            "{hour}"
        );
    }
    assert_eq!(city.true_arrivals(&"1042".parse().unwrap(), first), None);
}

#[test]
fn an_unknown_station_has_no_departures() {
    let hour = "2026-03-01T08:00:00Z".parse().unwrap();
    assert_eq!(
        City::new(1).true_departures(&"1042".parse().unwrap(), hour),
        None
    );
    assert_eq!(
        City::new(1).expected_departures(&"1042".parse().unwrap(), hour),
        None
    );
}

#[test]
fn defects_change_what_is_published_and_not_what_happens() {
    let date = "2026-03-02".parse().unwrap();
    assert_eq!(
        City::new(1).simulate(date),
        City::with_defects(1, DefectRates::NONE).simulate(date)
    );
}
