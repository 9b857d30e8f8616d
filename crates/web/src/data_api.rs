//! The stations and their bikes, read from the data API and remembered for when it does not answer.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::{Clock, Station, StationId};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::search::fold;
use crate::upstream::{Upstream, UpstreamError};

/// What was read is shown again for this long before it is read anew.
const FRESH: TimeDelta = TimeDelta::seconds(20);

/// After a failure the API is left alone for this long, so that readers do not wait one after the
/// other.
const REST: TimeDelta = TimeDelta::seconds(5);

/// A system has some thousands of stations at most: past this many pages the answer makes no sense.
const MOST_PAGES: usize = 20;

/// One station and what stands in it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Availability {
    /// The station.
    #[serde(flatten)]
    pub(crate) station: Station,
    /// Bikes that can be taken; `None` when the station does not say.
    pub(crate) bikes_available: Option<u32>,
    /// Docks that can take a bike back.
    pub(crate) docks_available: Option<u32>,
    /// When the station said so.
    pub(crate) reported_at: Option<DateTime<Utc>>,
}

/// Every station, by name.
#[derive(Debug)]
pub(crate) struct Stations {
    /// The stations.
    pub(crate) list: Vec<Availability>,
    /// When the data API gave them.
    pub(crate) read_at: DateTime<Utc>,
}

/// The stations as they are known, perhaps from before the data API fell silent.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// The stations.
    pub(crate) stations: Arc<Stations>,
    /// Whether the data API answers.
    pub(crate) is_current: bool,
}

/// The data API never answered: there is nothing to show.
#[derive(Debug, thiserror::Error)]
#[error("the data API gave no stations yet")]
pub(crate) struct NothingKnown;

/// The data API, and the last thing it said.
pub(crate) struct DataApi {
    upstream: Upstream,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    stations: Option<Arc<Stations>>,
    failed_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<Availability>,
    next_cursor: Option<String>,
}

impl Stations {
    /// The station of that identifier.
    pub(crate) fn find(&self, station_id: &StationId) -> Option<&Availability> {
        self.list
            .iter()
            .find(|availability| availability.station.station_id == *station_id)
    }
}

impl DataApi {
    pub(crate) fn new(upstream: Upstream, clock: Arc<dyn Clock>) -> Self {
        Self {
            upstream,
            clock,
            memory: Mutex::default(),
        }
    }

    /// The stations, at most [`FRESH`] old as long as the data API answers. One request reads for
    /// all.
    pub(crate) async fn stations(&self) -> Result<Known, NothingKnown> {
        let mut memory = self.memory.lock().await;
        let now = self.clock.now();
        if memory.wants_reading(now) {
            match self.read(now).await {
                Ok(stations) => {
                    *memory = Memory {
                        stations: Some(Arc::new(stations)),
                        failed_at: None,
                    }
                }

                Err(error) => {
                    tracing::warn!(%error, "stations could not be read");
                    memory.failed_at = Some(now);
                }
            }
        }

        let stations = memory.stations.clone().ok_or(NothingKnown)?;

        Ok(Known {
            stations,
            is_current: memory.failed_at.is_none(),
        })
    }

    async fn read(&self, now: DateTime<Utc>) -> Result<Stations, UpstreamError> {
        let mut list = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut query = vec![("limit", "1000")];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page: Page = self.upstream.get(&["v1", "stations"], &query).await?;
            list.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        list.sort_by_cached_key(|availability| fold(&availability.station.name));
        Ok(Stations { list, read_at: now })
    }
}

impl Memory {
    fn wants_reading(&self, now: DateTime<Utc>) -> bool {
        let within = |since: Option<DateTime<Utc>>, span| {
            since.is_some_and(|since| (now - since).abs() < span)
        };
        let read_at = self.stations.as_ref().map(|stations| stations.read_at);
        !within(self.failed_at, REST) && !within(read_at, FRESH)
    }
}

/// When the [`sample`] is looked at: 2026-03-01T08:00:00Z.
#[cfg(test)]
pub(crate) const SAMPLE_TIME: DateTime<Utc> = DateTime::from_timestamp_secs(1_772_352_000).unwrap();

/// Three stations: one as it should be, one without bikes that spoke long ago, one that says
/// nothing.
#[cfg(test)]
pub(crate) fn sample() -> Known {
    let station = |id: &str, name: &str, bikes: Option<u32>, minutes| Availability {
        station: Station {
            station_id: id.parse().unwrap(),
            name: name.to_owned(),
            district: bikes.map(|_| "Centre".to_owned()),
            latitude: 45.60124,
            longitude: 4.1034,
            capacity: 20,
        },
        bikes_available: bikes,
        docks_available: bikes.map(|bikes| 20 - bikes),
        reported_at: bikes.map(|_| SAMPLE_TIME - TimeDelta::minutes(minutes)),
    };

    let list = vec![
        station("RIV-001", "Gare <centrale>", Some(7), 2),
        station("RIV-002", "Place de l’Étoile", Some(0), 130),
        station("RIV-003", "Quai Sud", None, 0),
    ];

    Known {
        stations: Arc::new(Stations {
            list,
            read_at: SAMPLE_TIME,
        }),
        is_current: true,
    }
}
