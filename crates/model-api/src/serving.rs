//! What predictions are made with at one moment: a champion, and a history that reaches far enough.

use std::sync::Arc;

use filrouge_model::{FEATURE_COUNT, HORIZON_HOURS, History, HistoryRow, Known, PredictorError, features};
use filrouge_types::{Hour, StationId};

use crate::champion::Champion;
use crate::knowledge::Knowledge;

/// A photograph: it stays as it is while a prediction is made, whatever is put in service meanwhile.
#[derive(Debug)]
pub(crate) struct Serving {
    champion: Arc<Champion>,
    knowledge: Arc<Knowledge>,
    /// The counted demand, then the champion's own prediction of the 24 hours after it.
    ///
    /// A feature reads demand 24 hours back and more, so hours up to 24 after the last counted one read what was
    /// counted and nothing else. Those of the day after read predictions where the count has not come yet.
    outlook: History,
}

impl Serving {
    /// Predicts the day that follows the last counted hour, for the day after it to stand on.
    pub(crate) fn new(champion: Arc<Champion>, knowledge: Arc<Knowledge>) -> Result<Self, PredictorError> {
        let history = knowledge.history();
        let stations: Vec<StationId> = history.stations().cloned().collect();
        let mut outlook = history.clone();
        // These hours follow those that the history holds already, so they fit in it.
        if let Err(error) = outlook.extend(next_day(&champion, history, &stations, knowledge.last_counted())?) {
            tracing::error!(%error, "the next day could not be added to the history");
        }
        Ok(Self { champion, knowledge, outlook })
    }

    /// The version in service.
    pub(crate) fn champion(&self) -> &Arc<Champion> {
        &self.champion
    }

    /// What is known of the stations.
    pub(crate) fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Appends the model's input for one station-hour to `rows`.
    pub(crate) fn fill(&self, rows: &mut Vec<f32>, station_id: &StationId, hour: Hour) {
        fill(rows, &self.champion, &self.outlook, station_id, hour);
    }
}

/// Expected departures of every station during each of the 24 hours after the last counted one.
///
/// An hour at a time, so that requests under way wait for a small batch at most.
fn next_day<'a>(
    champion: &Champion,
    history: &History,
    stations: &'a [StationId],
    last_counted: Hour,
) -> Result<Vec<HistoryRow<'a>>, PredictorError> {
    let mut expected = Vec::with_capacity(stations.len() * HORIZON_HOURS as usize);
    let mut rows = Vec::with_capacity(stations.len() * FEATURE_COUNT);
    for hour in (1..=HORIZON_HOURS).map(|ahead| last_counted + ahead) {
        rows.clear();
        for station_id in stations {
            fill(&mut rows, champion, history, station_id, hour);
        }
        let predictions = champion.predict(0, &rows)?;
        expected.extend(stations.iter().zip(predictions).map(|(station_id, prediction)| HistoryRow {
            station_id,
            hour,
            departures: prediction.demand,
            known: Known::MISSING,
        }));
    }
    Ok(expected)
}

fn fill(rows: &mut Vec<f32>, champion: &Champion, history: &History, station_id: &StationId, hour: Hour) {
    let known = history.known(station_id, hour);
    rows.extend(features(history, station_id, hour, &known, champion.time_zone()).to_array());
}
