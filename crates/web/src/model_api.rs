//! The demand of the next hours, asked of the model API.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_types::{Clock, Hour, StationId};
use reqwest::StatusCode;
use serde::Deserialize;

use crate::monitoring::Monitoring;
use crate::upstream::{Upstream, UpstreamError};

/// How many hours a page shows.
const HOURS: usize = 24;

/// After a failure the API is left alone for this long, so that readers do not wait one after the
/// other.
const REST: TimeDelta = TimeDelta::seconds(5);

/// The next hours of one station; at least one, in order.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Forecast {
    /// The version that predicted.
    pub(crate) model_version: String,
    /// When it did.
    pub(crate) generated_at: DateTime<Utc>,
    /// The most recent hour that the model knew the demand of.
    pub(crate) last_counted_hour: Option<Hour>,
    /// The hours.
    pub(crate) items: Vec<HourForecast>,
}

/// Departures expected during one hour, and the bounds that hold the truth eight times in ten.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct HourForecast {
    /// The hour.
    pub(crate) hour: Hour,
    /// Expected departures.
    pub(crate) demand: f64,
    /// Lower bound.
    pub(crate) demand_p10: f64,
    /// Upper bound.
    pub(crate) demand_p90: f64,
}

/// Why a page has no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoForecast {
    /// The model does not know this station.
    UnknownStation,
    /// The model API does not answer, is not ready, or makes no sense.
    Unavailable,
}

/// The model API, and when it last failed.
pub(crate) struct ModelApi {
    upstream: Upstream,
    clock: Arc<dyn Clock>,
    failed_at: Mutex<Option<DateTime<Utc>>>,
}

impl ModelApi {
    pub(crate) fn new(upstream: Upstream, clock: Arc<dyn Clock>) -> Self {
        Self {
            upstream,
            clock,
            failed_at: Mutex::default(),
        }
    }

    /// The next 24 hours of a station.
    pub(crate) async fn forecast(&self, station_id: &StationId) -> Result<Forecast, NoForecast> {
        if self.is_resting() {
            return Err(NoForecast::Unavailable);
        }

        let path = ["v1", "stations", station_id.as_str(), "forecast"];
        let answer = self
            .upstream
            .get::<Forecast>(&path, &[("hours", &HOURS.to_string())])
            .await;

        let outcome = match answer {
            Ok(forecast) => forecast.checked().ok_or_else(|| {
                tracing::warn!("the model API gave a forecast that makes no sense");
                NoForecast::Unavailable
            }),
            Err(UpstreamError::Status {
                status: StatusCode::NOT_FOUND,
                ..
            }) => Err(NoForecast::UnknownStation),
            Err(error) => {
                tracing::warn!(%error, "forecast could not be read");
                Err(NoForecast::Unavailable)
            }
        };

        let failed = matches!(outcome, Err(NoForecast::Unavailable));

        *self
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = failed.then(|| self.clock.now());

        outcome
    }

    /// The state of the watch; nothing when the API does not answer or is not ready.
    pub(crate) async fn monitoring(&self) -> Option<Monitoring> {
        let answer = self
            .upstream
            .get::<Monitoring>(&["v1", "monitoring"], &[])
            .await;
        answer
            .inspect_err(|error| tracing::warn!(%error, "the watch could not be read"))
            .ok()
    }

    fn is_resting(&self) -> bool {
        let failed_at = *self
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|failed_at| (self.clock.now() - failed_at).abs() < REST)
    }
}

impl Forecast {
    /// The forecast, when every hour follows the one before it and every number can be a demand.
    fn checked(self) -> Option<Self> {
        let follows = self
            .items
            .windows(2)
            .all(|pair| pair[0].hour < pair[1].hour);
        let sound = (1..=2 * HOURS).contains(&self.items.len())
            && self.items.iter().all(HourForecast::is_sound);
        (follows && sound).then_some(self)
    }

    /// The hour of the highest demand; the first of them when several are as high.
    pub(crate) fn peak(&self) -> Option<&HourForecast> {
        self.items
            .iter()
            .rev()
            .max_by(|one, other| one.demand.total_cmp(&other.demand))
    }
}

impl HourForecast {
    fn is_sound(&self) -> bool {
        [self.demand, self.demand_p10, self.demand_p90]
            .iter()
            .all(|value| (0.0..1e6).contains(value))
            && self.demand_p10 <= self.demand_p90
    }
}

/// A day with its peak at 18 h in Paris, from the hour of the sample of stations on.
#[cfg(test)]
pub(crate) fn sample() -> Forecast {
    let start = Hour::containing(crate::data_api::SAMPLE_TIME);
    let items = (0..24_i32).map(|ahead| {
        let demand = f64::from(12 - (ahead - 9).abs()).max(0.4);
        HourForecast {
            hour: start + i64::from(ahead),
            demand,
            demand_p10: (demand - 4.0).max(0.0),
            demand_p90: demand + 4.6,
        }
    });

    Forecast {
        model_version: "2026-02-28-4f1c9a2e".to_owned(),
        generated_at: crate::data_api::SAMPLE_TIME,
        last_counted_hour: Some(start - 1),
        items: items.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_first_of_the_highest_hours() {
        let mut forecast = sample();
        assert_eq!(forecast.peak().unwrap().hour, forecast.items[9].hour);
        forecast.items[20].demand = forecast.items[9].demand;
        assert_eq!(forecast.peak().unwrap().hour, forecast.items[9].hour);
    }

    #[test]
    fn a_forecast_that_makes_no_sense_is_no_forecast() {
        let spoil: [fn(&mut Forecast); 6] = [
            |forecast| forecast.items.clear(),
            |forecast| forecast.items.swap(3, 4),
            |forecast| forecast.items[5].demand = -1.0,
            |forecast| forecast.items[5].demand_p90 = f64::INFINITY,
            |forecast| forecast.items[5].demand_p10 = forecast.items[5].demand_p90 + 1.0,
            |forecast| forecast.items = forecast.items.repeat(3),
        ];

        assert!(sample().checked().is_some());

        for spoil in spoil {
            let mut forecast = sample();
            spoil(&mut forecast);
            let spoilt = format!("{forecast:?}");
            assert!(forecast.checked().is_none(), "{spoilt}");
        }
    }
}
