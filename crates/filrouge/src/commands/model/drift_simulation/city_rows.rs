use filrouge_city::{City, DefectRates, Incident, IncidentKind};
use filrouge_types::{Hour, StationHour};

/// The first hour of every simulation: Monday 6 January 2025.
const FIRST_HOUR: i64 = 482_256;

/// Days before a change that monitoring reads: those that features reach, and two weeks of the
/// system's demand.
const READ_DAYS: i64 = 50;

/// A city without defects, whose hours before `split` a model learns.
pub(super) struct SimulatedCity {
    city: City,
    learnt: Vec<StationHour>,
    split: Hour,
}

impl SimulatedCity {
    pub(super) fn new(seed: u64, days: u16) -> Self {
        // Defects are the business of cleaning: drifts alone may ring here.
        let city = City::with_defects(seed, DefectRates::NONE);
        let start = Hour::from_hours_since_epoch(FIRST_HOUR);
        let split = start + 24 * i64::from(days);

        Self {
            learnt: rows(&city, start, split),
            city,
            split,
        }
    }

    pub(super) fn learnt(&self) -> &[StationHour] {
        &self.learnt
    }

    /// The first hour that is not learnt from.
    pub(super) fn split(&self) -> Hour {
        self.split
    }

    /// The last weeks learnt from, then `days` like them.
    pub(super) fn stable(&self, days: i64) -> Vec<StationHour> {
        self.since(self.split - 24 * READ_DAYS, self.split + 24 * days)
    }

    /// The weeks before `from`, then `hours` hours in which `kind` happens.
    pub(super) fn changed(&self, kind: IncidentKind, from: Hour, hours: i64) -> Vec<StationHour> {
        let city = self.city.with_incidents([Incident::since(from, kind)]);
        let mut all = self.since(from - 24 * READ_DAYS, from);

        all.extend(rows(&city, from, from + hours));
        all
    }

    fn since(&self, from: Hour, to: Hour) -> Vec<StationHour> {
        let learnt = self
            .learnt
            .iter()
            .filter(|row| row.conditions.hour >= from)
            .cloned();

        learnt
            // Those before the split are learnt already.
            .chain(rows(&self.city, from.max(self.split), to))
            .collect()
    }
}

/// The counts and the conditions that the city publishes between two hours.
pub(crate) fn rows(city: &City, from: Hour, to: Hour) -> Vec<StationHour> {
    let hours = (0..to - from).map(|ahead| from + ahead);
    hours.flat_map(|hour| city.station_hours(hour)).collect()
}
