//! What predictions are made with at one moment: a champion, and a history that reaches far enough.

use std::sync::Arc;

use filrouge_model::{
    ConditionValues, Expected, FEATURE_COUNT, HORIZON_HOURS, History, HistoryRow, Prediction,
    PredictorError, features,
};
use filrouge_types::{Hour, StationId};

use crate::champion::Champion;
use crate::engine::Wanted;
use crate::knowledge::Knowledge;
use crate::recall::Recall;

/// A photograph: it stays as it is while a prediction is made, whatever is put in service
/// meanwhile.
#[derive(Debug)]
pub(crate) struct Serving {
    champion: Arc<Champion>,
    knowledge: Arc<Knowledge>,
    /// The counted demand, then the champion's own prediction of the 24 hours after it.
    ///
    /// A feature reads demand 24 hours back and more, so hours up to 24 after the last counted one
    /// read what was counted and nothing else. Those of the day after read predictions where the
    /// count has not come yet.
    outlook: History,
    /// The system's expected demand at those hours, and the champion's bias correction.
    expected: Expected,
    /// The predictions of those 24 hours, for the journal.
    day_ahead: Vec<HourPrediction>,
    /// All that was predicted with this champion and this history.
    recall: Recall,
}

/// What is predicted of a station's hour.
pub(crate) type HourPrediction = (StationId, Hour, Prediction);

impl Serving {
    /// Predicts the day that follows the last counted hour, for the day after it to stand on.
    pub(crate) fn new(
        champion: Arc<Champion>,
        knowledge: Arc<Knowledge>,
    ) -> Result<Self, PredictorError> {
        let history = knowledge.history();
        let stations: Vec<StationId> = history.stations().cloned().collect();
        let mut outlook = history.clone();
        let window = knowledge.window();
        let expected = champion.description().expected(history);
        let correction =
            champion.bias_correction(history, &expected, (window.first, window.last + 1))?;
        let expected = expected.with_correction(correction.clone());

        // These hours follow those that the history holds already, so they fit in it.
        let day_ahead = next_day(
            &champion,
            history,
            &expected,
            &stations,
            knowledge.last_counted(),
        )?;

        if let Err(error) = outlook.extend(day_ahead.iter().map(stand_in)) {
            tracing::error!(%error, "the next day could not be added to the history");
        }

        let recall = Recall::new(knowledge.station_count(), window);

        for (station_id, hour, prediction) in &day_ahead {
            if let Some(station) = knowledge.position(station_id) {
                recall.keep(station, *hour, *prediction);
            }
        }

        // What stands for a count is no count: the correction reads counts alone.
        let expected = champion
            .description()
            .expected(&outlook)
            .with_correction(correction);

        Ok(Self {
            champion,
            knowledge,
            outlook,
            expected,
            day_ahead,
            recall,
        })
    }

    /// The first predictions that can be made of the 24 hours after the last counted one.
    pub(crate) fn day_ahead(&self) -> &[HourPrediction] {
        &self.day_ahead
    }

    /// Predicts one hour of `stations` from what was counted.
    pub(crate) fn predict_hour(
        &self,
        stations: &[StationId],
        hour: Hour,
    ) -> Result<Vec<HourPrediction>, PredictorError> {
        predict_hour(
            &self.champion,
            self.knowledge.history(),
            &self.expected,
            stations,
            hour,
        )
    }

    /// The version in service.
    pub(crate) fn champion(&self) -> &Arc<Champion> {
        &self.champion
    }

    /// What is known of the stations.
    pub(crate) fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The prediction of a station-hour that was made already. A client's own weather is another
    /// question.
    pub(crate) fn recall(&self, wanted: &Wanted) -> Option<Prediction> {
        let Wanted {
            station,
            hour,
            weather: None,
            ..
        } = wanted
        else {
            return None;
        };
        self.recall.find(*station, *hour)
    }

    /// Keeps a prediction for those who will ask the same.
    pub(crate) fn keep(&self, wanted: &Wanted, prediction: Prediction) {
        if wanted.weather.is_none() {
            self.recall.keep(wanted.station, wanted.hour, prediction);
        }
    }

    /// Appends the model's input for one station-hour to `rows`.
    pub(crate) fn fill(
        &self,
        rows: &mut Vec<f32>,
        Wanted {
            station_id,
            hour,
            weather,
            ..
        }: &Wanted,
    ) {
        fill(
            rows,
            &self.outlook,
            &self.expected,
            station_id,
            *hour,
            weather.as_ref(),
        );
    }
}

/// Every station during each of the 24 hours after the last counted one.
///
/// An hour at a time, so that requests under way wait for a small batch at most.
fn next_day(
    champion: &Champion,
    history: &History,
    expected: &Expected,
    stations: &[StationId],
    last_counted: Hour,
) -> Result<Vec<HourPrediction>, PredictorError> {
    let mut day = Vec::with_capacity(stations.len() * HORIZON_HOURS as usize);
    for ahead in 1..=HORIZON_HOURS {
        day.extend(predict_hour(
            champion,
            history,
            expected,
            stations,
            last_counted + ahead,
        )?);
    }
    Ok(day)
}

fn predict_hour(
    champion: &Champion,
    history: &History,
    expected: &Expected,
    stations: &[StationId],
    hour: Hour,
) -> Result<Vec<HourPrediction>, PredictorError> {
    let mut rows = Vec::with_capacity(stations.len() * FEATURE_COUNT);
    for station_id in stations {
        fill(&mut rows, history, expected, station_id, hour, None);
    }
    let predictions = champion.predict(&rows)?;
    Ok(stations
        .iter()
        .zip(predictions)
        .map(|(station_id, prediction)| (station_id.clone(), hour, prediction))
        .collect())
}

/// What stands for the demand of an hour that is not counted yet.
fn stand_in((station_id, hour, prediction): &HourPrediction) -> HistoryRow<'_> {
    HistoryRow {
        station_id,
        hour: *hour,
        departures: prediction.demand,
        conditions: ConditionValues::MISSING,
    }
}

fn fill(
    rows: &mut Vec<f32>,
    history: &History,
    expected: &Expected,
    station_id: &StationId,
    hour: Hour,
    weather: Option<&ConditionValues>,
) {
    let mut conditions = history.conditions(station_id, hour);
    if let Some(given) = weather {
        conditions.update(given);
    }
    rows.extend(features(history, expected, station_id, hour, &conditions).to_array());
}
