//! The small city whose riders change.

use filrouge_city::{City, DefectRates, Incident, IncidentKind};
use filrouge_dataset::Dataset;
use filrouge_types::{Hour, Station, StationHour};

/// Some stations are a city.
const STATIONS: usize = 16;

/// Monday 6 January 2025.
pub(crate) fn start() -> Hour {
    "2025-01-06T00:00:00Z".parse().unwrap()
}

pub(crate) struct Town {
    city: City,
}

impl Town {
    /// A city without defects, in which `kind` happens from `from` on.
    pub(crate) fn with(kind: IncidentKind, from: Hour) -> Self {
        let city = City::with_defects(5, DefectRates::NONE);
        Self {
            city: city.with_incidents([Incident::since(from, kind)]),
        }
    }

    /// The same city on usual days.
    pub(crate) fn usual() -> Self {
        Self {
            city: City::with_defects(5, DefectRates::NONE),
        }
    }

    pub(crate) fn stations(&self) -> &[Station] {
        &self.city.stations()[..STATIONS]
    }

    /// What is counted from one hour to another, the second one left out.
    pub(crate) fn between(&self, from: Hour, to: Hour) -> Dataset {
        Dataset::from_rows(self.rows(from, to)).unwrap()
    }

    /// The same, hour after hour.
    pub(crate) fn rows(&self, from: Hour, to: Hour) -> Vec<StationHour> {
        let hours = (0..to - from).map(|index| from + index);
        hours.flat_map(|hour| self.hour(hour)).collect()
    }

    fn hour(&self, hour: Hour) -> impl Iterator<Item = StationHour> + '_ {
        self.city.station_hours(hour).take(STATIONS).map(|mut row| {
            // The incidents alone change its days.
            row.conditions.event_count = Some(0);
            row
        })
    }
}
