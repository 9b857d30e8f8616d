//! One identifier a station, under all the names that sources give it.
//!
//! Trip histories often name a station otherwise than GBFS does: by the short code painted on it,
//! or by the identifier that it had before. GBFS publishes these beside the identifier; a trip that
//! bears one, at its start or at its end, belongs to the station.

use std::collections::{BTreeMap, BTreeSet};

use filrouge_types::StationId;
use polars::prelude::PlHashMap;

/// The other identifiers of stations. One that two stations claim, or that is the identifier of a
/// station, is none.
#[derive(Debug, Default, Clone)]
pub(crate) struct StationAliases {
    stations: BTreeMap<String, StationId>,
    contested: BTreeSet<String>,
}

/// The stations at which trips may start.
#[derive(Debug, Default)]
pub(crate) struct KnownStations {
    /// `None` when no source describes stations: any valid identifier is then one.
    stations: Option<BTreeSet<String>>,
}

/// A station as a trip names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StationRef<'a> {
    /// The identifier of the station, whichever of its identifiers the trip bears.
    pub(crate) id: Option<&'a str>,
    /// The number given to the station; none when it is not known.
    pub(crate) number: Option<u32>,
}

/// Finds the stations that trips name: each identifier is looked up once.
pub(crate) struct StationResolver<'r> {
    known: &'r KnownStations,
    aliases: &'r StationAliases,
    found: PlHashMap<String, StationNumber<'r>>,
    numbers: PlHashMap<String, u32>,
}

#[derive(Debug, Clone, Copy)]
struct StationNumber<'r> {
    /// The station, when the identifier is an alias of it.
    alias_of: Option<&'r str>,
    number: Option<u32>,
}

impl StationAliases {
    /// Notes that `alias` is another identifier of `station`.
    pub(crate) fn add(&mut self, alias: String, station: &StationId) {
        match self.stations.get(&alias) {
            _ if self.contested.contains(&alias) || alias == station.as_str() => {}
            Some(other) if other != station => {
                self.stations.remove(&alias);
                self.contested.insert(alias);
            }
            _ => {
                self.stations.insert(alias, station.clone());
            }
        }
    }

    /// Drops those that `is_station` knows as identifiers.
    pub(crate) fn without(mut self, is_station: impl Fn(&str) -> bool) -> Self {
        // An identifier names its own station first.
        self.stations.retain(|alias, _| !is_station(alias));
        self
    }

    /// The station that `id` names otherwise.
    fn station(&self, id: &str) -> Option<&str> {
        self.stations.get(id).map(StationId::as_str)
    }
}

impl KnownStations {
    pub(crate) fn of<'a>(stations: impl Iterator<Item = &'a str>) -> Self {
        Self {
            stations: Some(stations.map(str::to_owned).collect()),
        }
    }

    /// True when trips may start at the station that bears this identifier.
    pub(crate) fn contains(&self, id: &str) -> bool {
        match &self.stations {
            Some(stations) => stations.contains(id),
            None => id.parse::<StationId>().is_ok(),
        }
    }
}

impl<'r> StationResolver<'r> {
    pub(crate) fn new(known: &'r KnownStations, aliases: &'r StationAliases) -> Self {
        Self {
            known,
            aliases,
            found: PlHashMap::default(),
            numbers: PlHashMap::default(),
        }
    }

    /// The station that bears `id` or is called so otherwise.
    pub(crate) fn resolve<'a>(&mut self, id: Option<&'a str>) -> StationRef<'a>
    where
        'r: 'a,
    {
        let Some(id) = id else {
            return StationRef::default();
        };
        let StationNumber { alias_of, number } = match self.found.get(id) {
            Some(&found) => found,
            None => self.find(id),
        };

        StationRef {
            id: Some(alias_of.unwrap_or(id)),
            number,
        }
    }

    /// The identifiers of the stations, by their numbers.
    pub(crate) fn into_ids(self) -> Vec<String> {
        let mut ids: Vec<(String, u32)> = self.numbers.into_iter().collect();
        // Numbers follow the order in which stations are met: no two are equal.
        ids.sort_unstable_by_key(|&(_, number)| number);
        ids.into_iter().map(|(id, _)| id).collect()
    }

    fn find(&mut self, id: &str) -> StationNumber<'r> {
        let alias_of = self.aliases.station(id);
        let station = alias_of.unwrap_or(id);
        let number = self.known.contains(station).then(|| self.number(station));

        let found = StationNumber { alias_of, number };
        self.found.insert(id.to_owned(), found);
        found
    }

    /// The number of a station, the next one when it is new.
    fn number(&mut self, station: &str) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry_ref(station).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(id: &str) -> StationId {
        id.parse().unwrap()
    }

    #[test]
    fn an_alias_leads_to_its_station_unless_two_claim_it_or_it_is_an_identifier() {
        let mut aliases = StationAliases::default();
        aliases.add("16107".to_owned(), &station("213688169"));

        for one in ["A", "B", "A"] {
            aliases.add("gare".to_owned(), &station(one));
        }

        aliases.add("A".to_owned(), &station("B"));
        let aliases = aliases.without(|alias| alias == "A");

        assert_eq!(
            aliases.stations,
            BTreeMap::from([("16107".to_owned(), station("213688169"))])
        );
    }
}
