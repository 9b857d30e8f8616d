//! Recent demand and the conditions to come, as the data API gives them.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use filrouge_model::{CORRECTION_HOURS, HORIZON_HOURS, History, REACH_HOURS};
use filrouge_types::{Conditions, Hour, StationId};

use crate::data_api::{DataApi, DataApiError};

/// Hours that a prediction looks back: those of its features, and those of the forecasts whose bias
/// is corrected.
const LOOKED_BACK_HOURS: i64 = REACH_HOURS + HORIZON_HOURS + CORRECTION_HOURS;

/// Hours kept: those, and a week more, so that the last days can be predicted again and compared.
const KEPT_HOURS: i64 = LOOKED_BACK_HOURS + 7 * 24;

/// The last hours are read again each time: trips that end late are counted late.
const READ_AGAIN_HOURS: i64 = 48;

/// Hours after the last counted one for which conditions are asked: none further is predicted.
const FARTHEST_HOURS: i64 = 2 * HORIZON_HOURS;

/// One reading of the data API, replaced as a whole by the next one.
#[derive(Debug)]
pub(crate) struct DemandSnapshot {
    history: History,
    positions: HashMap<StationId, usize>,
    last_counted: Hour,
    predictable: RangeInclusive<Hour>,
}

impl DemandSnapshot {
    /// Reads the hours that are new since `previous`, or all of them; `None` when no hour was
    /// counted lately.
    ///
    /// The hour under way is left out: its trips are still being counted.
    pub(crate) async fn read(
        previous: Option<&Self>,
        data_api: &DataApi,
        under_way: Hour,
    ) -> Result<Option<Self>, DataApiError> {
        let oldest = under_way - KEPT_HOURS;
        let mut history = previous
            .map(|snapshot| snapshot.history.clone())
            .unwrap_or_default();
        // Memory stays constant, however long the service runs.
        history.forget_before(oldest);

        let from = previous
            .map_or(oldest, |snapshot| snapshot.last_counted - READ_AGAIN_HOURS)
            .max(oldest);
        data_api
            .station_hours(from, under_way, |page| {
                Ok(history.extend_station_hours(&page)?)
            })
            .await?;

        let Some(last_counted) = history.last_counted_hour() else {
            return Ok(None);
        };
        let farthest = read_conditions(&mut history, data_api, last_counted).await?;
        Ok(Some(Self::new(history, oldest, last_counted, farthest)))
    }

    fn new(
        history: History,
        oldest: Hour,
        last_counted: Hour,
        farthest_conditions: Option<Hour>,
    ) -> Self {
        let day_ahead = last_counted + HORIZON_HOURS;
        let last = farthest_conditions.map_or(day_ahead, |farthest| farthest.max(day_ahead));

        Self {
            // These ranks are the rows of the prediction cache.
            positions: history.stations().cloned().zip(0..).collect(),
            predictable: oldest + LOOKED_BACK_HOURS..=last,
            history,
            last_counted,
        }
    }

    /// The demand counted and the conditions known.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Rank of the station among those of which anything is known.
    pub(crate) fn position(&self, station_id: &StationId) -> Option<usize> {
        self.positions.get(station_id).copied()
    }

    /// Number of stations of which anything is known.
    pub(crate) fn station_count(&self) -> usize {
        self.positions.len()
    }

    /// The last hour whose departures were counted.
    pub(crate) fn last_counted(&self) -> Hour {
        self.last_counted
    }

    /// The hours that can be predicted.
    ///
    /// From the first one that has all its past, to 24 hours after the last counted one: a feature
    /// reads demand 24 hours back, so up to there none is missing. Further, up to 48 hours, only
    /// where conditions are known: predictions stand for the demand of the day before.
    pub(crate) fn predictable(&self) -> &RangeInclusive<Hour> {
        &self.predictable
    }
}

/// Adds the conditions to come to `history`; gives the farthest hour, at most [`FARTHEST_HOURS`]
/// after the last counted one, whose conditions are known.
async fn read_conditions(
    history: &mut History,
    data_api: &DataApi,
    last_counted: Hour,
) -> Result<Option<Hour>, DataApiError> {
    let asked = last_counted + 1..last_counted + FARTHEST_HOURS + 1;
    let mut farthest: Option<Hour> = None;

    let take = |page: Vec<Conditions>| {
        farthest = farthest.max(page.iter().map(|conditions| conditions.hour).max());
        Ok(history.extend_conditions(&page)?)
    };
    data_api.conditions(asked.start, asked.end, take).await?;

    // The service that answers is another program: it may give hours that nobody asked for.
    Ok(farthest.filter(|hour| asked.contains(hour)))
}
