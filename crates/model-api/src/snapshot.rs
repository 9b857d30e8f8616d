//! One version, with one reading of the data: all that its predictions are made from.

use std::sync::Arc;
use std::time::{Duration, Instant};

use filrouge_model::{
    ConditionValues, Expected, FEATURE_COUNT, HORIZON_HOURS, History, HistoryRow, Prediction,
    PredictorError, features,
};
use filrouge_types::{Hour, StationId};

use crate::demand::DemandSnapshot;
use crate::loaded_model::LoadedModel;
use crate::prediction_cache::PredictionCache;

/// A version and the demand it predicts from. It stays as it is while a request is answered,
/// whatever is put in service meanwhile.
#[derive(Debug)]
pub(crate) struct ServingSnapshot {
    model: Arc<LoadedModel>,
    demand: Arc<DemandSnapshot>,
    /// The counted demand, then the version's own prediction of the 24 hours after it.
    ///
    /// A feature reads demand 24 hours back and more, so hours up to 24 after the last counted one
    /// read counts and nothing else. Those of the day after read predictions where the count has
    /// not come yet.
    outlook: History,
    /// System demand expected of those hours, with the correction of the version's recent bias.
    expected: Expected,
    /// The predictions of those 24 hours, for the journal.
    day_ahead: Vec<PredictionRecord>,
    /// Time that they took.
    day_ahead_time: Duration,
    cache: PredictionCache,
}

/// One station-hour to predict.
#[derive(Debug, Clone)]
pub(crate) struct StationHourRequest {
    pub(crate) station_id: StationId,
    /// Rank of the station among those that are known.
    pub(crate) station: usize,
    pub(crate) hour: Hour,
    /// The weather that the client gives, if any: each value in it replaces the one that is known.
    pub(crate) weather: Option<ConditionValues>,
}

/// The prediction of a station's hour.
#[derive(Debug, Clone)]
pub(crate) struct PredictionRecord {
    pub(crate) station_id: StationId,
    pub(crate) hour: Hour,
    pub(crate) prediction: Prediction,
}

impl ServingSnapshot {
    /// Predicts the day that follows the last counted hour, for the day after it to stand on.
    pub(crate) fn new(
        model: Arc<LoadedModel>,
        demand: Arc<DemandSnapshot>,
    ) -> Result<Self, PredictorError> {
        let history = demand.history();
        let predictable = demand.predictable();
        let expected = model.description().expected(history);
        let hours = (*predictable.start(), *predictable.end() + 1);
        let correction = model.bias_correction(history, &expected, hours)?;

        let expected = expected.with_correction(correction.clone());
        let began = Instant::now();
        let day_ahead = next_day(&model, &demand, &expected)?;
        let day_ahead_time = began.elapsed();
        let outlook = extend(history, &day_ahead);
        let cache = PredictionCache::new(demand.station_count(), predictable);
        for record in &day_ahead {
            if let Some(station) = demand.position(&record.station_id) {
                cache.insert(station, record.hour, record.prediction);
            }
        }

        // A prediction that stands for a count is no count: the correction reads counts alone.
        let expected = model.description().expected(&outlook);
        let expected = expected.with_correction(correction);
        Ok(Self {
            model,
            demand,
            outlook,
            expected,
            day_ahead,
            day_ahead_time,
            cache,
        })
    }

    /// The first predictions that can be made of the 24 hours after the last counted one.
    pub(crate) fn day_ahead(&self) -> &[PredictionRecord] {
        &self.day_ahead
    }

    /// Time that those predictions took.
    pub(crate) fn day_ahead_time(&self) -> Duration {
        self.day_ahead_time
    }

    /// Predicts one hour of `stations` from the counts alone.
    pub(crate) fn predict_hour(
        &self,
        stations: &[StationId],
        hour: Hour,
    ) -> Result<Vec<PredictionRecord>, PredictorError> {
        predict_hour(
            &self.model,
            self.demand.history(),
            &self.expected,
            stations,
            hour,
        )
    }

    /// The version that predicts.
    pub(crate) fn model(&self) -> &Arc<LoadedModel> {
        &self.model
    }

    /// The reading of the data that it predicts from.
    pub(crate) fn demand(&self) -> &DemandSnapshot {
        &self.demand
    }

    /// The prediction of a station-hour that was computed already. A client's own weather is
    /// another request.
    pub(crate) fn cached(&self, request: &StationHourRequest) -> Option<Prediction> {
        match request.weather {
            None => self.cache.get(request.station, request.hour),
            Some(_) => None,
        }
    }

    /// Caches a prediction for those who will ask the same.
    pub(crate) fn cache(&self, request: &StationHourRequest, prediction: Prediction) {
        if request.weather.is_none() {
            self.cache.insert(request.station, request.hour, prediction);
        }
    }

    /// Appends the model's input for one station-hour to `rows`.
    pub(crate) fn push_features(&self, rows: &mut Vec<f32>, request: &StationHourRequest) {
        push_features(
            rows,
            &self.outlook,
            &self.expected,
            (&request.station_id, request.hour),
            request.weather.as_ref(),
        );
    }
}

/// Every station during each of the 24 hours after the last counted one.
fn next_day(
    model: &LoadedModel,
    demand: &DemandSnapshot,
    expected: &Expected,
) -> Result<Vec<PredictionRecord>, PredictorError> {
    let history = demand.history();
    let stations: Vec<StationId> = history.stations().cloned().collect();
    let mut day = Vec::with_capacity(stations.len() * HORIZON_HOURS as usize);

    // An hour at a time, so that requests under way wait for a small batch at most.
    for ahead in 1..=HORIZON_HOURS {
        let hour = demand.last_counted() + ahead;
        day.extend(predict_hour(model, history, expected, &stations, hour)?);
    }
    Ok(day)
}

fn predict_hour(
    model: &LoadedModel,
    history: &History,
    expected: &Expected,
    stations: &[StationId],
    hour: Hour,
) -> Result<Vec<PredictionRecord>, PredictorError> {
    // One batch for all the stations: a run has a fixed cost.
    let mut rows = Vec::with_capacity(stations.len() * FEATURE_COUNT);
    for station_id in stations {
        push_features(&mut rows, history, expected, (station_id, hour), None);
    }

    let predictions = model.predict(&rows)?;
    let record = |(station_id, prediction): (&StationId, Prediction)| PredictionRecord {
        station_id: station_id.clone(),
        hour,
        prediction,
    };
    Ok(stations.iter().zip(predictions).map(record).collect())
}

/// The counted demand, followed by the predictions of the hours that are not counted yet.
fn extend(history: &History, day_ahead: &[PredictionRecord]) -> History {
    let mut outlook = history.clone();

    // These hours follow those that the history holds already, so they fit in it.
    if let Err(error) = outlook.extend(day_ahead.iter().map(stand_in)) {
        tracing::error!(%error, "the next day could not be added to the history");
    }
    outlook
}

/// A prediction, in the place of the count that has not come yet.
fn stand_in(record: &PredictionRecord) -> HistoryRow<'_> {
    HistoryRow {
        station_id: &record.station_id,
        hour: record.hour,
        departures: record.prediction.demand,
        conditions: ConditionValues::MISSING,
    }
}

fn push_features(
    rows: &mut Vec<f32>,
    history: &History,
    expected: &Expected,
    (station_id, hour): (&StationId, Hour),
    weather: Option<&ConditionValues>,
) {
    let mut conditions = history.conditions(station_id, hour);
    if let Some(given) = weather {
        conditions.update(given);
    }
    rows.extend(features(history, expected, station_id, hour, &conditions).to_array());
}
