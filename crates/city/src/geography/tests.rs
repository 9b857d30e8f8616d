use std::collections::BTreeSet;

use super::*;

#[test]
fn the_city_has_forty_stations_in_seven_districts_with_names_of_their_own() {
    let stations = stations();
    assert_eq!(stations.len(), 40);

    assert_eq!(
        stations
            .iter()
            .map(|station| &station.name)
            .collect::<BTreeSet<_>>()
            .len(),
        40
    );

    assert_eq!(
        stations
            .iter()
            .map(|station| &station.district)
            .collect::<BTreeSet<_>>()
            .len(),
        7
    );

    assert_eq!(stations[0].station_id.as_str(), "RIV-001");
    assert!(
        stations
            .iter()
            .all(|station| (20..=80).contains(&station.capacity))
    );
}

#[test]
fn stations_are_some_hundred_metres_apart_and_the_city_is_a_few_kilometres_wide() {
    for (at, from) in STATIONS.iter().enumerate() {
        for to in &STATIONS[at + 1..] {
            let distance = distance_km(from, to);
            assert!(
                (0.15..7.0).contains(&distance),
                "{} to {}: {distance} km",
                from.name,
                to.name
            );
        }
    }
}

#[test]
fn names_need_no_quotes_in_csv_and_no_normal_name_looks_badly_decoded() {
    for site in &STATIONS {
        assert!(
            !site.name.contains([',', '"', ';', 'Ã', 'Â', 'à']),
            "{}",
            site.name
        );
    }
    assert!(STATIONS.iter().filter(|site| !site.name.is_ascii()).count() > 10);
}

#[test]
fn an_identifier_leads_back_to_its_station() {
    for (index, station) in stations().iter().enumerate() {
        assert_eq!(station_index(&station.station_id), Some(index));
    }
    assert_eq!(station_index(&"RIV-041".parse().unwrap()), None);
    assert_eq!(station_index(&"RIV-000".parse().unwrap()), None);
    assert_eq!(station_index(&"1042".parse().unwrap()), None);
}
