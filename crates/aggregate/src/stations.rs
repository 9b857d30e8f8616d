//! One description a station, from all that speak of it.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use filrouge_types::{Station, StationId};

use crate::identity::{KnownStations, StationAliases};
use crate::ledger::{Finding, Ledger};
use crate::source::gbfs::{self, Description, Status};
use crate::source::operator;
use crate::start_descriptors::StationDescriptors;
use crate::{AggregateError, text};

/// The stations that the sources describe, before any trip is read.
#[derive(Debug, Default)]
pub(crate) struct Register {
    entries: BTreeMap<StationId, Entry>,
    aliases: StationAliases,
    /// Some source describes stations; without one, the trips do.
    has_source: bool,
}

#[derive(Debug, Default, Clone)]
struct Entry {
    description: Description,
    is_in_service: bool,
}

/// The stations of the clean data, in the order of their identifiers.
#[derive(Debug, Default)]
pub(crate) struct Stations {
    pub(crate) stations: Vec<Station>,
    /// When each opened, when a source says so.
    pub(crate) opened_at: Vec<Option<DateTime<Utc>>>,
    /// The web service of the moment lists it.
    pub(crate) is_in_service: Vec<bool>,
    pub(crate) without_position: usize,
}

const INFORMATION: &str = "station_information";
const STATUS: &str = "station_status";
const OPERATOR: &str = "operator_stations";

impl Register {
    /// Reads the stations of the web service and of the operator; the first to describe a field is
    /// believed.
    pub(crate) fn read(
        run_dir: &Path,
        time_zone: Tz,
        ledger: &mut Ledger,
    ) -> Result<(Self, Vec<&'static str>), AggregateError> {
        let mut register = Self::default();
        let mut absent = Vec::new();

        // The web service first: it tells the stations as they are today.
        match gbfs::read_stations(&run_dir.join("web_service/station_information.json"))? {
            None => absent.push(INFORMATION),
            Some(items) => {
                let described = items
                    .iter()
                    .map(|item| Some((gbfs::station_id(item)?, gbfs::describe(item))));
                register.add(INFORMATION, "station_information.json", described, ledger);
                register.add_aliases(&items);
                register
                    .entries
                    .values_mut()
                    .for_each(|entry| entry.is_in_service = true);
            }
        }

        match operator::read_stations(&run_dir.join("sql/stations.jsonl"), time_zone)? {
            None => absent.push(OPERATOR),
            Some(described) => {
                register.add(OPERATOR, "stations.jsonl", described.into_iter(), ledger)
            }
        }

        Ok((register, absent))
    }

    /// The other identifiers that the web service gives.
    pub(crate) fn aliases(&self) -> StationAliases {
        self.aliases
            .clone()
            .without(|alias| self.entries.keys().any(|id| id.as_str() == alias))
    }

    /// The stations that the rules accept.
    pub(crate) fn known(&self) -> KnownStations {
        match self.has_source {
            true => KnownStations::of(self.entries.keys().map(StationId::as_str)),
            false => KnownStations::default(),
        }
    }

    /// Fills from the trips the fields that no source gives. They also make the stations known when
    /// no source does.
    pub(crate) fn complete(mut self, found: &BTreeMap<StationId, StationDescriptors>) -> Stations {
        for (id, descriptors) in found {
            let entry = self.entries.entry(id.clone()).or_default();
            entry.description.fill(descriptors.describe());
        }

        let mut stations = Stations::default();
        for (id, entry) in self.entries {
            let description = entry.description;
            stations.opened_at.push(description.opened_at);
            stations.is_in_service.push(entry.is_in_service);
            stations.without_position += usize::from(description.position().is_none());
            stations.stations.push(description.station(id));
        }
        stations
    }

    fn add_aliases(&mut self, items: &[serde_json::Value]) {
        for (id, item) in items
            .iter()
            .filter_map(|item| Some((gbfs::station_id(item)?, item)))
        {
            gbfs::aliases(item).for_each(|alias| self.aliases.add(alias, &id));
        }
    }

    fn add(
        &mut self,
        source: &str,
        file: &str,
        described: impl Iterator<Item = Option<(StationId, Description)>>,
        ledger: &mut Ledger,
    ) {
        for record in described {
            ledger.read(source, 1);

            let Some((id, description)) = record else {
                let finding = Finding::unknown_station(file, "no valid station_id");
                ledger.find(source, finding);
                continue;
            };

            ledger.keep(source, 1);
            self.has_source = true;
            let entry = self.entries.entry(id).or_default();
            entry.description.fill(description);
        }
    }
}

/// The status of these stations, or `None` when the file is absent.
pub(crate) fn read_statuses(
    run_dir: &Path,
    stations: &[Station],
    ledger: &mut Ledger,
) -> Result<Option<Vec<Status>>, AggregateError> {
    let path = run_dir.join("web_service/station_status.json");
    let Some(items) = gbfs::read_stations(&path)? else {
        return Ok(None);
    };
    let is_known = |id: &StationId| {
        stations
            .binary_search_by(|station| station.station_id.cmp(id))
            .is_ok()
    };

    let mut statuses = BTreeMap::new();

    for item in &items {
        ledger.read(STATUS, 1);
        let detail = match gbfs::status(item) {
            None => "no station, no count of bikes or no instant",
            Some(status) if !is_known(&status.station_id) => "a station that no source describes",
            Some(status) => {
                ledger.keep(STATUS, 1);
                statuses.insert(status.station_id.clone(), status);
                continue;
            }
        };

        ledger.find(
            STATUS,
            Finding::unknown_station("station_status.json", detail),
        );
    }

    Ok(Some(statuses.into_values().collect()))
}

impl Description {
    /// Takes from `other` the fields that are not known yet.
    fn fill(&mut self, other: Self) {
        // A position is taken whole: half of one and half of another is nowhere.
        if self.position().is_none() {
            (self.latitude, self.longitude) = (other.latitude, other.longitude);
        }
        let written = |text: Option<String>| {
            text.map(|text| text::normalise(&text))
                .filter(|text| !text.is_empty())
        };
        self.name = self.name.take().or(written(other.name));
        self.district = self.district.take().or(written(other.district));
        self.capacity = self.capacity.or(other.capacity);
        self.opened_at = self.opened_at.or(other.opened_at);
    }

    fn position(&self) -> Option<(f64, f64)> {
        self.latitude
            .zip(self.longitude)
            // In the Atlantic: a position that was never set.
            .filter(|position| *position != (0.0, 0.0))
    }

    fn station(self, station_id: StationId) -> Station {
        let (latitude, longitude) = self.position().unwrap_or_default();
        Station {
            name: self.name.unwrap_or_else(|| station_id.to_string()),
            district: self.district,
            latitude,
            longitude,
            capacity: self.capacity.unwrap_or(0),
            station_id,
        }
    }
}

#[cfg(test)]
mod tests;
