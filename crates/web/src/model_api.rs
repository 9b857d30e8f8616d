//! The demand of the next hours, asked of the model API.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use filrouge_api_client::data::StationItem;
use filrouge_api_client::model::{
    AvailabilityAnswer, AvailabilityQuestion, Monitoring, StationAvailability, StationStock,
};
pub(crate) use filrouge_api_client::model::{Forecast, HourAvailability, HourForecast};
use filrouge_api_client::{ApiClient, ApiError};
use filrouge_types::{Hour, StationId};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

/// Hours that a page shows.
const HOURS: usize = 24;

/// Stations of one question about chances: the most that the API takes.
const STATIONS_ASKED: usize = 100;

/// Reason for which a page has no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoForecast {
    /// The model does not know this station.
    UnknownStation,
    /// The model API does not answer, is not ready, or makes no sense.
    Unavailable,
}

/// One station and one hour, as the model API is asked for them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct StationHourQuestion {
    pub(crate) station_id: StationId,
    pub(crate) hour: Hour,
}

/// The predictions of `POST /v1/predictions`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StationHourAnswers {
    pub(crate) model_version: String,
    pub(crate) items: Vec<StationHourAnswer>,
}

/// The demand of one station during one hour.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct StationHourAnswer {
    pub(crate) demand: f64,
    pub(crate) demand_p90: f64,
}

/// The explanation of `POST /v1/explanations`: `base` plus the contributions make `demand`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DemandExplanation {
    pub(crate) demand: f64,
    pub(crate) base: f64,
    pub(crate) contributions: Vec<FeatureContribution>,
}

/// Departures that one feature adds, or takes away.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FeatureContribution {
    pub(crate) feature: String,
    pub(crate) contribution: f64,
}

/// The chances of some stations, hour by hour.
#[derive(Debug, Default)]
pub(crate) struct Chances {
    by_station: HashMap<StationId, Vec<HourAvailability>>,
    /// Version of the model, and instant of its answer; none when nothing had to be asked.
    pub(crate) origin: Option<(String, DateTime<Utc>)>,
}

/// The model API.
pub(crate) struct ModelApi(ApiClient);

impl ModelApi {
    pub(crate) fn new(client: ApiClient) -> Self {
        Self(client)
    }

    /// The next 24 hours of a station.
    pub(crate) async fn forecast(&self, station_id: &StationId) -> Result<Forecast, NoForecast> {
        let path = ["v1", "stations", station_id.as_str(), "forecast"];
        let query = [("hours", &*HOURS.to_string())];
        let forecast: Forecast = self.0.get(&path, &query).await.map_err(no_forecast)?;

        checked(forecast).ok_or_else(|| {
            tracing::warn!("the model API gave a forecast that makes no sense");
            NoForecast::Unavailable
        })
    }

    /// The demand of several stations and hours, in the order of the question.
    pub(crate) async fn predictions(
        &self,
        items: &[StationHourQuestion],
    ) -> Result<StationHourAnswers, NoForecast> {
        let question = serde_json::json!({ "items": items });
        let answers: StationHourAnswers = self
            .0
            .ask(&["v1", "predictions"], &question)
            .await
            .map_err(no_forecast)?;

        let sound = answers.items.len() == items.len()
            && answers
                .items
                .iter()
                .all(|item| is_demand(item.demand) && is_demand(item.demand_p90));
        sound.then_some(answers).ok_or(NoForecast::Unavailable)
    }

    /// The contributions to one prediction, the heaviest first.
    pub(crate) async fn explanation(
        &self,
        question: &StationHourQuestion,
    ) -> Result<DemandExplanation, NoForecast> {
        let answer = self.0.ask(&["v1", "explanations"], question).await;
        answer.map_err(no_forecast)
    }

    /// The chances of finding a bike or a dock at `stations` at the beginning of the next `hours`
    /// hours; nothing when the API does not answer or makes no sense.
    pub(crate) async fn chances(&self, stations: &[&StationItem], hours: u32) -> Option<Chances> {
        let items: Vec<_> = stations
            .iter()
            .filter_map(|station| stock(station))
            .collect();
        // Stations that say nothing of their bikes have no chances: nothing is asked.
        if items.is_empty() {
            return Some(Chances::default());
        }

        let mut chances = Chances::default();
        for items in items.chunks(STATIONS_ASKED) {
            let items = items.to_vec();
            chances.add(
                self.ask_chances(AvailabilityQuestion { hours, items })
                    .await?,
            );
        }
        Some(chances)
    }

    async fn ask_chances(&self, question: AvailabilityQuestion) -> Option<AvailabilityAnswer> {
        let answer = self.0.ask(&["v1", "availability"], &question).await;
        let answer: AvailabilityAnswer = answer
            .inspect_err(|error| tracing::warn!(%error, "chances could not be read"))
            .ok()?;
        if !answer.items.iter().all(makes_sense) {
            tracing::warn!("the model API gave chances that make no sense");
            return None;
        }
        Some(answer)
    }

    /// The state of the monitoring; nothing when the API does not answer or is not ready.
    pub(crate) async fn monitoring(&self) -> Option<Monitoring> {
        let answer = self.0.get::<Monitoring>(&["v1", "monitoring"], &[]).await;
        answer
            .inspect_err(|error| tracing::warn!(%error, "the monitoring could not be read"))
            .ok()
    }
}

impl Chances {
    /// The chances of a station, in the order of time; empty when there are none.
    pub(crate) fn of(&self, station_id: &StationId) -> &[HourAvailability] {
        self.by_station.get(station_id).map_or(&[], Vec::as_slice)
    }

    /// The chances of other stations as well.
    fn add(&mut self, answer: AvailabilityAnswer) {
        let stations = answer.items.into_iter();
        self.by_station
            .extend(stations.map(|station| (station.station_id, station.hours)));
        self.origin = Some((answer.model_version, answer.generated_at));
    }
}

fn stock(station: &StationItem) -> Option<StationStock> {
    Some(StationStock {
        station_id: station.station_id.clone(),
        bikes: station.bikes_available?,
        docks: station.docks_available?,
    })
}

fn makes_sense(station: &StationAvailability) -> bool {
    let hours = &station.hours;
    let follows = hours.windows(2).all(|pair| pair[0].hour < pair[1].hour);
    // NaN is in no range.
    let is_chance = |hour: &HourAvailability| {
        let chances = [hour.bike, hour.dock];
        chances.iter().all(|chance| (0.0..=1.0).contains(chance)) && is_demand(hour.arrivals)
    };
    follows && hours.len() <= HOURS && hours.iter().all(is_chance)
}

fn no_forecast(error: ApiError) -> NoForecast {
    if error.status() == Some(StatusCode::NOT_FOUND) {
        return NoForecast::UnknownStation;
    }

    tracing::warn!(%error, "forecast could not be read");
    NoForecast::Unavailable
}

/// The forecast, when every hour follows the one before it and every number can be a demand.
fn checked(forecast: Forecast) -> Option<Forecast> {
    let items = &forecast.items;
    let follows = items.windows(2).all(|pair| pair[0].hour < pair[1].hour);
    // A service that gives more hours than asked may be newer; a thousand of them is a mistake.
    let sound = (1..=2 * HOURS).contains(&items.len()) && items.iter().all(is_sound);
    (follows && sound).then_some(forecast)
}

fn is_sound(item: &HourForecast) -> bool {
    [item.demand, item.demand_p10, item.demand_p90]
        .into_iter()
        .all(|value| is_demand(f64::from(value)))
        && item.demand_p10 <= item.demand_p90
}

/// NaN is in no range; a million departures an hour is beyond any station.
fn is_demand(value: f64) -> bool {
    (0.0..1e6).contains(&value)
}

/// The hour of the highest demand; the first of them when several are as high.
pub(crate) fn peak(items: &[HourForecast]) -> Option<&HourForecast> {
    items
        .iter()
        // `max_by` keeps the last of equals: backwards, that is the first hour.
        .rev()
        .max_by(|one, other| one.demand.total_cmp(&other.demand))
}

/// A day with its peak at 18 h local, from the hour of the sample of stations on.
#[cfg(test)]
pub(crate) fn sample() -> Forecast {
    let start = filrouge_types::Hour::containing(crate::data_api::SAMPLE_TIME);
    let items = (0..24_i32).map(|ahead| {
        let demand = (12.0 - (ahead - 9).abs() as f32).max(0.4);
        HourForecast {
            hour: start + i64::from(ahead),
            demand,
            demand_p10: (demand - 4.0).max(0.0),
            demand_p90: demand + 4.6,
        }
    });

    Forecast {
        station_id: "RIV-001".parse().unwrap(),
        model_version: "2026-02-28-4f1c9a2e".to_owned(),
        generated_at: crate::data_api::SAMPLE_TIME,
        last_counted_hour: start - 1,
        items: items.collect(),
    }
}

/// A day of chances for the first station of the sample: bikes grow rare until 18 h local, then come
/// back.
#[cfg(test)]
pub(crate) fn sample_chances() -> Chances {
    let start = filrouge_types::Hour::containing(crate::data_api::SAMPLE_TIME);
    let hours = (1..=24_i64).map(|ahead| {
        let bike = (0.97 - 0.09 * (9 - (ahead - 9).abs()).max(0) as f64).clamp(0.0, 1.0);
        HourAvailability {
            hour: start + ahead,
            bike,
            dock: 1.0 - bike / 4.0,
            bikes: 8.0 * bike,
            bikes_p10: 2,
            bikes_p90: 9,
            arrivals: 1.5,
        }
    });

    Chances {
        by_station: HashMap::from([("RIV-001".parse().unwrap(), hours.collect())]),
        origin: Some((
            "2026-02-28-4f1c9a2e".to_owned(),
            crate::data_api::SAMPLE_TIME,
        )),
    }
}

/// The same, beside a second station that is always sure.
#[cfg(test)]
pub(crate) fn sample_chances_of_two() -> Chances {
    let mut chances = sample_chances();
    let sure = chances.of(&"RIV-001".parse().unwrap()).iter();
    let sure = sure.map(|hour| HourAvailability { bike: 0.9, ..*hour });
    let sure = sure.collect();
    chances.by_station.insert("RIV-002".parse().unwrap(), sure);
    chances
}

#[cfg(test)]
mod tests;
