//! The part of the data API that the service reads: counted hours, and conditions of the hours to
//! come.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use filrouge_api_client::{ApiClient, ApiClientConfig, ApiError, Retry};
use filrouge_types::{Conditions, Hour, StationHour};

use crate::config::Config;

/// Longest wait for one page: reading goes on in the background, nobody waits for it.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A data API that restarts is back within a second or two.
const RETRY: Retry = Retry {
    more: 2,
    first_pause: Duration::from_millis(200),
    longest_pause: Duration::from_secs(5),
};

/// Pages of 1,000 rows that one reading may take: more than six weeks of 5,000 stations. More is
/// not a city.
const MOST_PAGES: usize = 6_000;

/// Reason for which the data API gave nothing that can be used.
#[derive(Debug, thiserror::Error)]
pub enum DataApiError {
    /// It cannot be reached, or answers something else than its contract says.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// It gave hours that cannot be those of one history.
    #[error("the hours of the data API do not fit together: {0}")]
    History(#[from] filrouge_model::HistoryError),
}

/// The data API, read page by page.
#[derive(Debug)]
pub(crate) struct DataApi(ApiClient);

impl DataApi {
    pub(crate) fn new(config: &Config) -> anyhow::Result<Self> {
        let client = ApiClient::new(ApiClientConfig {
            base: config.data_api.clone(),
            client_id: config.client_id.clone(),
            client_secret: Arc::clone(&config.client_secret),
            scope: "data:read".to_owned(),
            timeout: TIMEOUT,
            retry: RETRY,
            // The next reading is a minute away: no rest is needed between them.
            rest: TimeDelta::zero(),
            clock: Arc::clone(&config.clock),
        })?;
        Ok(Self(client))
    }

    /// Gives `take` the counted hours from `from` (included) to `to` (excluded), page by page.
    pub(crate) async fn station_hours(
        &self,
        from: Hour,
        to: Hour,
        take: impl FnMut(Vec<StationHour>) -> Result<(), DataApiError>,
    ) -> Result<(), DataApiError> {
        let period = [("from", &*from.to_string()), ("to", &*to.to_string())];
        let path = ["v1", "station-hours"];
        self.0.read_pages(&path, &period, MOST_PAGES, take).await
    }

    /// Gives `take` the conditions of the hours from `from` (included) to `to` (excluded), page by
    /// page.
    pub(crate) async fn conditions(
        &self,
        from: Hour,
        to: Hour,
        take: impl FnMut(Vec<Conditions>) -> Result<(), DataApiError>,
    ) -> Result<(), DataApiError> {
        let period = [("from", &*from.to_string()), ("to", &*to.to_string())];
        let path = ["v1", "conditions"];
        self.0.read_pages(&path, &period, MOST_PAGES, take).await
    }
}
