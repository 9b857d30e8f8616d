//! One identifier a station, whatever the source calls it.
//!
//! Trip histories often name a station otherwise than GBFS does: by the short code painted on it,
//! or by the identifier that it had before. GBFS publishes these beside the identifier; a trip that
//! bears one belongs to the station.

use std::collections::{BTreeMap, BTreeSet};

use filrouge_types::StationId;
use polars::prelude::{
    DataFrame, IntoLazy, JoinArgs, JoinType, NamedFrom, PolarsResult, Series, by_name, coalesce,
    col,
};

use crate::ledger::{Ledger, count_by_source};

/// The other identifiers of stations. One that two stations claim, or that is the identifier of a
/// station, is none.
#[derive(Debug, Default, Clone)]
pub(crate) struct Aliases {
    stations: BTreeMap<String, StationId>,
    contested: BTreeSet<String>,
}

impl Aliases {
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
        self.stations.retain(|alias, _| !is_station(alias));
        self
    }

    /// The station that `id` names otherwise.
    pub(crate) fn station(&self, id: &str) -> Option<&str> {
        self.stations.get(id).map(StationId::as_str)
    }

    /// The trips with the identifiers of their stations; `ledger` counts those that bore another
    /// one.
    pub(crate) fn apply(&self, trips: DataFrame, ledger: &mut Ledger) -> PolarsResult<DataFrame> {
        if self.stations.is_empty() {
            return Ok(trips);
        }

        let aliases: Vec<&str> = self.stations.keys().map(String::as_str).collect();
        let stations: Vec<&str> = self.stations.values().map(StationId::as_str).collect();
        let aliases = Series::new("start_station_id".into(), aliases);
        let table = DataFrame::new_infer_height(vec![
            aliases.into(),
            Series::new("station".into(), stations).into(),
        ])?;

        let on = [col("start_station_id")];
        let joined = trips
            .lazy()
            .join(table.lazy(), on.clone(), on, JoinArgs::new(JoinType::Left))
            .collect()?;
        let identified = joined
            .clone()
            .lazy()
            .filter(col("station").is_not_null())
            .collect()?;

        for (source, rows) in count_by_source(&identified)? {
            ledger.identify(&source, rows);
        }

        let identifier =
            coalesce(&[col("station"), col("start_station_id")]).alias("start_station_id");

        joined
            .lazy()
            .with_column(identifier)
            .drop(by_name(["station"], true, false))
            .collect()
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
        let mut aliases = Aliases::default();
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
