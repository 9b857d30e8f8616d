//! The stations and their bikes, read from the data API and remembered for when it does not answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_api_client::{ApiClient, ApiError, request_id};
use filrouge_types::{Clock, Hour, StationId};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::search::fold;
use crate::usual_week::{CountedHour, UsualWeek};

/// Figures are shown again for this long before they are read anew.
const TIME_TO_LIVE: TimeDelta = TimeDelta::seconds(20);

/// A page waits so long for figures that are read anew, then shows the older ones.
const TIMEOUT: Duration = Duration::from_secs(2);

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
    /// True as long as the data API answers in time.
    pub(crate) is_current: bool,
}

/// The data API never answered: there is nothing to show.
#[derive(Debug, thiserror::Error)]
#[error("the data API gave no stations yet")]
pub(crate) struct NothingRead;

/// The data API, and its last answer.
#[derive(Clone)]
pub(crate) struct DataApi {
    client: Arc<ApiClient>,
    clock: Arc<dyn Clock>,
    memory: watch::Sender<Memory>,
}

#[derive(Default)]
struct Memory {
    stations: Option<Arc<StationList>>,
    is_being_read: bool,
}

impl StationList {
    /// The station of that identifier.
    pub(crate) fn find(&self, station_id: &StationId) -> Option<&StationItem> {
        self.list
            .iter()
            .find(|station| station.station_id == *station_id)
    }

    fn is_current(&self, now: DateTime<Utc>) -> bool {
        // A clock that was put back must not freeze the figures for hours.
        (now - self.read_at).abs() < TIME_TO_LIVE
    }
}

impl DataApi {
    pub(crate) fn new(client: ApiClient, clock: Arc<dyn Clock>) -> Self {
        Self {
            client: Arc::new(client),
            clock,
            memory: watch::Sender::default(),
        }
    }

    /// The stations for a page.
    ///
    /// # Errors
    /// When the data API has not answered yet.
    pub(crate) async fn stations(&self) -> Result<LatestStations, NothingRead> {
        self.stations_within(TIMEOUT).await
    }

    /// The stations, at most [`TIME_TO_LIVE`] old if the data API answers within `time`. One reading is
    /// made for all, and goes on when nobody waits for it any more.
    ///
    /// # Errors
    /// When the data API has not answered yet.
    pub(crate) async fn stations_within(
        &self,
        time: Duration,
    ) -> Result<LatestStations, NothingRead> {
        let now = self.clock.now();
        let mut memory = self.memory.subscribe();
        let begins = |memory: &mut Memory| memory.begins_reading(now);
        if self.memory.send_if_modified(begins) {
            let api = self.clone();
            request_id::spawn(async move { api.renew(now).await });
        }

        // Out of time, the older figures are shown.
        let _ = timeout(time, memory.wait_for(|memory| !memory.is_being_read)).await;

        let memory = self.memory.borrow();
        let stations = memory.stations.clone().ok_or(NothingRead)?;
        Ok(LatestStations {
            is_current: stations.is_current(now),
            stations,
        })
    }

    async fn renew(&self, now: DateTime<Utc>) {
        let read = self.read(now).await;

        self.memory.send_modify(|memory| {
            memory.is_being_read = false;
            match read {
                Ok(stations) => memory.stations = Some(Arc::new(stations)),
                // It failed a moment ago: the log has the cause.
                Err(ApiError::Resting) => {}
                Err(error) => tracing::warn!(%error, "stations could not be read"),
            }
        });
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
    /// Notes that a reading begins, and says so, unless one is under way or needless.
    fn begins_reading(&mut self, now: DateTime<Utc>) -> bool {
        let is_known = self
            .stations
            .as_ref()
            .is_some_and(|stations| stations.is_current(now));
        let begins = !is_known && !self.is_being_read;
        self.is_being_read |= begins;
        begins
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
