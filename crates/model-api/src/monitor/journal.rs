use std::collections::{BTreeMap, HashMap};

use filrouge_model::evaluation::WindowStats;
use filrouge_model::{HORIZON_HOURS, Prediction};
use filrouge_types::{Hour, StationId};

use crate::demand::DemandSnapshot;
use crate::snapshot::PredictionRecord;

/// Hours of outcomes kept: a month, and the day under way.
const KEPT_HOURS: i64 = 31 * 24;

/// A prediction whose count does not come within this time is given up: the hour was not counted.
const PENDING_TTL_HOURS: i64 = 72;

/// The predictions, each joined to its count when it comes.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// The first prediction made of each hour that is not counted yet.
    pub(super) pending: HashMap<(StationId, Hour), Prediction>,
    /// Quality of each hour, once counted.
    pub(super) hours: BTreeMap<Hour, WindowStats>,
    /// Number of predictions whose count came.
    pub(super) joined: u64,
    pub(super) has_replayed: bool,
}

/// The quality of the forecasts, once their counts came.
#[derive(Debug, Clone)]
pub(crate) struct Realised {
    /// That of the last 24 counted hours.
    pub(crate) window: WindowStats,
    /// That of each day (UTC), oldest first.
    pub(crate) days: Vec<WindowStats>,
    /// Predictions whose count has not come yet.
    pub(crate) pending: usize,
    /// Predictions whose count came.
    pub(crate) joined: u64,
}

impl Journal {
    /// True the first time: the hours missed while the service was stopped are then predicted
    /// again.
    pub(super) fn start_replay(&mut self) -> bool {
        !std::mem::replace(&mut self.has_replayed, true)
    }

    /// Adds predictions. The first one of an hour stays: a later one knows more than a day ahead.
    pub(super) fn log(&mut self, records: impl IntoIterator<Item = PredictionRecord>) {
        for record in records {
            if !self.hours.contains_key(&record.hour) {
                self.pending
                    .entry((record.station_id, record.hour))
                    .or_insert(record.prediction);
            }
        }
    }

    /// Joins the counts of `demand`, and drops old hours.
    pub(super) fn join(&mut self, demand: &DemandSnapshot) {
        let (history, last_counted) = (demand.history(), demand.last_counted());
        let is_due = |hour: Hour| hour <= last_counted;
        let due: Vec<_> = self
            .pending
            .keys()
            .filter(|(_, hour)| is_due(*hour))
            .cloned()
            .collect();

        for (station_id, hour) in due {
            let actual = history.departures(&station_id, hour);
            if !actual.is_nan() {
                // The naive reference: the same hour a week before.
                let last_week = history.departures(&station_id, hour - 168);
                self.record(&station_id, hour, actual, last_week);
            } else if hour + PENDING_TTL_HOURS < last_counted {
                self.pending.remove(&(station_id, hour));
            }
        }

        let oldest = last_counted - KEPT_HOURS;
        self.hours.retain(|hour, _| *hour > oldest);
    }

    /// Joins one count; says whether a prediction was pending.
    pub(super) fn record(
        &mut self,
        station_id: &StationId,
        hour: Hour,
        actual: f32,
        last_week: f32,
    ) -> bool {
        let Some(prediction) = self.pending.remove(&(station_id.clone(), hour)) else {
            return false;
        };

        // Without a count a week before, the comparison gives nothing to either side.
        let last_week = if last_week.is_nan() {
            prediction.demand
        } else {
            last_week
        };

        self.hours
            .entry(hour)
            .or_insert_with(|| WindowStats::starting(hour))
            .add(&prediction, actual, last_week);
        self.joined += 1;
        true
    }

    /// The realised quality, up to the last counted hour.
    pub(super) fn realised(&self, last_counted: Hour) -> Realised {
        Realised {
            window: self.sum(last_counted - (HORIZON_HOURS - 1), last_counted),
            days: self.days(last_counted),
            pending: self.pending.len(),
            joined: self.joined,
        }
    }

    fn sum(&self, from: Hour, to: Hour) -> WindowStats {
        let mut sum = WindowStats::starting(from);
        self.hours
            .range(from..=to)
            .for_each(|(_, hour)| sum.add_hour(hour));
        sum
    }

    fn days(&self, last_counted: Hour) -> Vec<WindowStats> {
        // A count may be given for an hour to come: its day has not begun.
        let end_of_day = 24 * (last_counted.hours_since_epoch().div_euclid(24) + 1);
        let end = Hour::from_hours_since_epoch(end_of_day);

        WindowStats::by_day(self.hours.range(..end).map(|(_, hour)| hour))
    }
}
