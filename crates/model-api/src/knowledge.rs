//! What is known of the stations when a prediction is asked: recent demand and the conditions to
//! come.

use std::collections::HashMap;

use filrouge_model::{CORRECTION_HOURS, HORIZON_HOURS, History, REACH_HOURS};
use filrouge_types::{Hour, StationId};

use crate::data_api::{DataApi, DataApiError};

/// How far back a prediction looks: its features, and those of the forecasts of which its record is
/// made.
const LOOKED_BACK_HOURS: i64 = REACH_HOURS + HORIZON_HOURS + CORRECTION_HOURS;

/// Hours kept: those, and a week more, so that the last days can be predicted again and compared.
const KEPT_HOURS: i64 = LOOKED_BACK_HOURS + 7 * 24;

/// The last hours are read again each time: trips that end late are counted late.
const READ_AGAIN_HOURS: i64 = 48;

/// How far ahead conditions are asked for, and the farthest hour that is predicted.
const FARTHEST_HOURS: i64 = 2 * HORIZON_HOURS;

/// A photograph of what is known, replaced as a whole by the next one.
#[derive(Debug)]
pub(crate) struct Knowledge {
    history: History,
    stations: HashMap<StationId, usize>,
    last_counted: Hour,
    window: Window,
}

/// The hours that can be predicted, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) first: Hour,
    pub(crate) last: Hour,
}

impl Window {
    pub(crate) fn contains(self, hour: Hour) -> bool {
        (self.first..=self.last).contains(&hour)
    }
}

impl Knowledge {
    /// Reads what is new since `previous`, or everything; `None` when no hour was counted lately.
    ///
    /// The hour under way is left out: its trips are still being counted.
    pub(crate) async fn read(
        previous: Option<&Self>,
        data_api: &DataApi,
        under_way: Hour,
    ) -> Result<Option<Self>, DataApiError> {
        let oldest = under_way - KEPT_HOURS;
        let mut history = previous
            .map(|known| known.history.clone())
            .unwrap_or_default();
        history.forget_before(oldest);
        let from = previous
            .map_or(oldest, |known| known.last_counted - READ_AGAIN_HOURS)
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
        let honest = last_counted + HORIZON_HOURS;
        let last = farthest_conditions.map_or(honest, |farthest| farthest.max(honest));
        Self {
            stations: history.stations().cloned().zip(0..).collect(),
            window: Window {
                first: oldest + LOOKED_BACK_HOURS,
                last,
            },
            history,
            last_counted,
        }
    }

    /// The demand counted and the conditions known.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Where the station stands among those of which anything is known.
    pub(crate) fn position(&self, station_id: &StationId) -> Option<usize> {
        self.stations.get(station_id).copied()
    }

    /// Of how many stations anything is known.
    pub(crate) fn station_count(&self) -> usize {
        self.stations.len()
    }

    /// The last hour whose departures were counted.
    pub(crate) fn last_counted(&self) -> Hour {
        self.last_counted
    }

    /// The hours that can be predicted.
    ///
    /// From the first one that has all its past, to 24 hours after the last counted one: a feature
    /// reads demand 24 hours back, so up to there none is missing. Further, up to 48 hours, only
    /// where conditions are known: [`Serving`](crate::serving::Serving) says what stands for the
    /// demand of the day before.
    pub(crate) fn window(&self) -> Window {
        self.window
    }
}

/// The farthest hour, at most [`FARTHEST_HOURS`] after the last counted one, whose conditions are
/// known.
async fn read_conditions(
    history: &mut History,
    data_api: &DataApi,
    last_counted: Hour,
) -> Result<Option<Hour>, DataApiError> {
    let mut farthest: Option<Hour> = None;
    let (from, to) = (last_counted + 1, last_counted + FARTHEST_HOURS + 1);
    let take = |page: Vec<filrouge_types::Conditions>| {
        farthest = farthest.max(page.iter().map(|conditions| conditions.hour).max());
        Ok(history.extend_conditions(&page)?)
    };
    data_api.conditions(from, to, take).await?;
    Ok(farthest.filter(|hour| (from..to).contains(hour)))
}
