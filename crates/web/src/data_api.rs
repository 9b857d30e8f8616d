//! The stations and their bikes, read from the data API and remembered for when it does not answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_api_client::{ApiClient, ApiError};
use filrouge_types::{Clock, Hour, StationId};
use tokio::sync::Mutex;

use crate::search::fold;
use crate::usual_week::{CountedHour, UsualWeek};

/// Figures are shown again for this long before they are read anew.
const TIME_TO_LIVE: TimeDelta = TimeDelta::seconds(20);

/// A system has some thousands of stations at most: past this many pages the answer makes no sense.
const MOST_PAGES: usize = 20;

/// Every station, by name.
#[derive(Debug)]
pub(crate) struct StationList {
    pub(crate) list: Vec<StationItem>,
    /// Instant at which the data API gave them.
    pub(crate) read_at: DateTime<Utc>,
}

/// The stations as they were last read, perhaps before the data API fell silent.
#[derive(Debug, Clone)]
pub(crate) struct LatestStations {
    pub(crate) stations: Arc<StationList>,
    /// True as long as the data API answers.
    pub(crate) is_current: bool,
}

/// The data API never answered: there is nothing to show.
#[derive(Debug, thiserror::Error)]
#[error("the data API gave no stations yet")]
pub(crate) struct NothingRead;

/// The data API, and its last answer.
pub(crate) struct DataApi {
    client: ApiClient,
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
    /// True once there is something to show: known without waiting for a reading that is under way.
    has_stations: AtomicBool,
}

#[derive(Default)]
struct Memory {
    stations: Option<Arc<StationList>>,
    is_behind: bool,
}

impl StationList {
    /// The station of that identifier.
    pub(crate) fn find(&self, station_id: &StationId) -> Option<&StationItem> {
        self.list
            .iter()
            .find(|station| station.station_id == *station_id)
    }
}

impl DataApi {
    pub(crate) fn new(client: ApiClient, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            clock,
            memory: Mutex::default(),
            has_stations: AtomicBool::new(false),
        }
    }

    /// The stations, at most [`TIME_TO_LIVE`] old as long as the data API answers. One request reads for
    /// all.
    pub(crate) async fn stations(&self) -> Result<LatestStations, NothingRead> {
        let mut memory = self.memory.lock().await;
        let now = self.clock.now();
        if memory.wants_reading(now) {
            match self.read(now).await {
                Ok(stations) => {
                    *memory = Memory {
                        stations: Some(Arc::new(stations)),
                        is_behind: false,
                    };
                    self.has_stations.store(true, Ordering::Relaxed);
                }
                // It failed a moment ago: the figures are marked as behind, the log has the cause.
                Err(ApiError::Resting) => {}
                Err(error) => {
                    tracing::warn!(%error, "stations could not be read");
                    memory.is_behind = true;
                }
            }
        }

        let stations = memory.stations.clone().ok_or(NothingRead)?;

        Ok(LatestStations {
            stations,
            is_current: !memory.is_behind,
        })
    }

    /// True when pages have stations to show, were they old.
    pub(crate) fn has_stations(&self) -> bool {
        self.has_stations.load(Ordering::Relaxed)
    }

    /// What a station counted, hour by hour, during the weeks before `now`; nothing when the data API
    /// does not answer.
    pub(crate) async fn counted_hours(
        &self,
        station_id: &StationId,
        now: DateTime<Utc>,
    ) -> Option<Vec<CountedHour>> {
        // By whole hours: the address is the same for an hour, and its answer is kept by the API.
        let until = Hour::containing(now);
        let from = UsualWeek::looks_back_to(until);
        let [from, to] = [from, until].map(|hour| hour.to_string());
        let query = [
            ("station_id", station_id.as_str()),
            ("from", &from),
            ("to", &to),
            ("fields", "hour,departures"),
        ];

        let mut counted: Vec<CountedHour> = Vec::new();
        let take = |page: Vec<CountedHour>| {
            counted.extend(page);
            Ok::<_, ApiError>(())
        };
        let path = ["v1", "station-hours"];
        let read = self.client.read_pages(&path, &query, 1, take).await;
        read.inspect_err(|error| tracing::warn!(%error, "past hours could not be read"))
            .ok()?;
        Some(counted)
    }

    async fn read(&self, now: DateTime<Utc>) -> Result<StationList, ApiError> {
        let mut list: Vec<StationItem> = Vec::new();
        let take = |page| {
            list.extend(page);
            Ok::<_, ApiError>(())
        };
        self.client
            .read_pages(&["v1", "stations"], &[], MOST_PAGES, take)
            .await?;

        list.sort_by_cached_key(|station| fold(&station.name));
        Ok(StationList { list, read_at: now })
    }
}

impl Memory {
    fn wants_reading(&self, now: DateTime<Utc>) -> bool {
        let read_at = self.stations.as_ref().map(|stations| stations.read_at);
        // A clock that was put back must not freeze the figures for hours.
        read_at.is_none_or(|read_at| (now - read_at).abs() >= TIME_TO_LIVE)
    }
}

/// Instant at which the [`sample`] is looked at: 2026-03-01T08:00:00Z.
#[cfg(test)]
pub(crate) const SAMPLE_TIME: DateTime<Utc> = DateTime::from_timestamp_secs(1_772_352_000).unwrap();

/// Three stations: one as it should be, one without bikes that spoke long ago, one that says
/// nothing.
#[cfg(test)]
pub(crate) fn sample() -> LatestStations {
    let station = |id: &str, name: &str, bikes: Option<u32>, minutes| StationItem {
        station_id: id.parse().unwrap(),
        name: name.to_owned(),
        district: bikes.map(|_| "Centre".to_owned()),
        latitude: 45.60124,
        longitude: 4.1034,
        capacity: 20,
        bikes_available: bikes,
        docks_available: bikes.map(|bikes| 20 - bikes),
        reported_at: bikes.map(|_| SAMPLE_TIME - TimeDelta::minutes(minutes)),
    };

    let list = vec![
        station("RIV-001", "Gare <centrale>", Some(7), 2),
        station("RIV-002", "Place de l’Étoile", Some(0), 130),
        station("RIV-003", "Quai Sud", None, 0),
    ];

    LatestStations {
        stations: Arc::new(StationList {
            list,
            read_at: SAMPLE_TIME,
        }),
        is_current: true,
    }
}
