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
mod tests;
