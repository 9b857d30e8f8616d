//! The places of Rivemont: fixed, whatever the seed.

use filrouge_types::{Station, StationId};

mod table;

pub(crate) use table::{COUNTERS, DISTRICTS, STATIONS, VENUES};

/// The life around a station, which decides when people leave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Character {
    Home,
    Work,
    Leisure,
    Transit,
}

/// A district of Rivemont.
#[derive(Debug, PartialEq)]
pub(crate) struct District {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
}

/// A station as the city builds it.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) name: &'static str,
    /// Index in [`DISTRICTS`].
    pub(crate) district: usize,
    /// WGS 84, degrees.
    pub(crate) latitude: f64,
    /// WGS 84, degrees.
    pub(crate) longitude: f64,
    /// Docks.
    pub(crate) capacity: u16,
    pub(crate) character: Character,
    /// Departures on a mild working day in the year of opening.
    pub(crate) volume: f64,
}

/// A place that draws crowds.
#[derive(Debug, PartialEq)]
pub(crate) struct Venue {
    pub(crate) name: &'static str,
    /// Index in [`DISTRICTS`].
    pub(crate) district: usize,
}

/// A municipal counter on a cycle path.
#[derive(Debug)]
pub(crate) struct Counter {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// WGS 84, degrees.
    pub(crate) latitude: f64,
    /// WGS 84, degrees.
    pub(crate) longitude: f64,
    /// Cyclists seen for each departure of a shared bike in the whole city.
    pub(crate) share: f64,
}

/// The identifier of the station at `index` in [`STATIONS`]: `RIV-001` and so on.
pub(crate) fn station_code(index: usize) -> String {
    format!("RIV-{:03}", index + 1)
}

/// The place of `station` in [`STATIONS`].
pub(crate) fn station_index(station: &StationId) -> Option<usize> {
    let number: usize = station.as_str().strip_prefix("RIV-")?.parse().ok()?;
    (1..=STATIONS.len()).contains(&number).then(|| number - 1)
}

/// The stations as the rest of the system knows them.
pub(crate) fn stations() -> Vec<Station> {
    let station = |(index, site): (usize, &Site)| {
        Some(Station {
            station_id: station_code(index).parse().ok()?,
            name: site.name.to_owned(),
            district: Some(DISTRICTS[site.district].name.to_owned()),
            latitude: site.latitude,
            longitude: site.longitude,
            capacity: u32::from(site.capacity),
        })
    };
    STATIONS.iter().enumerate().filter_map(station).collect()
}

/// Kilometres between two stations as the crow flies; the plane is good enough for a city.
pub(crate) fn distance_km(from: &Site, to: &Site) -> f64 {
    const KM_PER_DEGREE: f64 = 111.2;
    let north = (to.latitude - from.latitude) * KM_PER_DEGREE;
    let east = (to.longitude - from.longitude) * KM_PER_DEGREE * from.latitude.to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
mod tests {
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
}
