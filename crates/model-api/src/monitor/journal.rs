use std::collections::{BTreeMap, HashMap};

use filrouge_model::evaluation::WindowStats;
use filrouge_model::{HORIZON_HOURS, History, Prediction};
use filrouge_types::{Hour, StationId};
use serde::{Deserialize, Serialize};

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
    /// Counts that clients gave, until the data API has its own: they judge in the meantime.
    pub(super) provisional: HashMap<(StationId, Hour), ActualCount>,
}

/// A count, and the one of the same hour a week before where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct ActualCount {
    pub(super) departures: f32,
    pub(super) last_week: Option<f32>,
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
            let key = (station_id, hour);
            if let Some(outcome) = ActualCount::of(history, &key) {
                self.provisional.remove(&key);
                self.record(&key, outcome);
            } else if hour + PENDING_TTL_HOURS < last_counted {
                self.give_up(&key);
            }
        }

        let oldest = last_counted - KEPT_HOURS;
        self.hours.retain(|hour, _| *hour > oldest);
    }

    /// Takes the count that a client gives, in place of the one it gave before; says whether a
    /// prediction was pending.
    pub(super) fn record_provisional(
        &mut self,
        station_id: &StationId,
        hour: Hour,
        outcome: ActualCount,
    ) -> bool {
        let key = (station_id.clone(), hour);
        let is_pending = self.pending.contains_key(&key);
        if is_pending {
            self.provisional.insert(key, outcome);
        }
        is_pending
    }

    /// Joins one count, if a prediction was pending.
    fn record(&mut self, key: &(StationId, Hour), outcome: ActualCount) {
        if let Some(prediction) = self.pending.remove(key) {
            add(&mut self.hours, key.1, &prediction, outcome);
            self.joined += 1;
        }
    }

    /// Keeps the count of a client, when the data API will never have one.
    fn give_up(&mut self, key: &(StationId, Hour)) {
        match self.provisional.remove(key) {
            Some(outcome) => self.record(key, outcome),
            None => drop(self.pending.remove(key)),
        }
    }

    /// The realised quality, up to the last counted hour.
    pub(super) fn realised(&self, last_counted: Hour) -> Realised {
        let hours = self.hours_so_far();
        let from = last_counted - (HORIZON_HOURS - 1);
        let provisional = self.provisional.len();

        Realised {
            window: sum(&hours, from, last_counted),
            days: days(&hours, last_counted),
            pending: self.pending.len() - provisional,
            joined: self.joined + provisional as u64,
        }
    }

    /// The quality of each hour, with the counts of clients where there is no other.
    fn hours_so_far(&self) -> BTreeMap<Hour, WindowStats> {
        let mut hours = self.hours.clone();
        for (key, outcome) in &self.provisional {
            if let Some(prediction) = self.pending.get(key) {
                add(&mut hours, key.1, prediction, *outcome);
            }
        }
        hours
    }
}

impl ActualCount {
    /// The count of the data API, when it has one.
    fn of(history: &History, (station_id, hour): &(StationId, Hour)) -> Option<Self> {
        // The naive reference: the same hour a week before.
        let last_week = history.departures(station_id, *hour - 168);
        let departures = history.departures(station_id, *hour);
        (!departures.is_nan()).then(|| Self {
            departures,
            last_week: Some(last_week).filter(|count| !count.is_nan()),
        })
    }
}

fn add(
    hours: &mut BTreeMap<Hour, WindowStats>,
    hour: Hour,
    prediction: &Prediction,
    outcome: ActualCount,
) {
    // Without a count a week before, the comparison gives nothing to either side.
    let last_week = outcome.last_week.unwrap_or(prediction.demand);
    hours
        .entry(hour)
        .or_insert_with(|| WindowStats::starting(hour))
        .add(prediction, outcome.departures, last_week);
}

fn sum(hours: &BTreeMap<Hour, WindowStats>, from: Hour, to: Hour) -> WindowStats {
    let mut sum = WindowStats::starting(from);
    hours
        .range(from..=to)
        .for_each(|(_, hour)| sum.add_hour(hour));
    sum
}

fn days(hours: &BTreeMap<Hour, WindowStats>, last_counted: Hour) -> Vec<WindowStats> {
    // A client may count the hours of a day before the data API does.
    let end_of_day = 24 * (last_counted.hours_since_epoch().div_euclid(24) + 1);
    let end = Hour::from_hours_since_epoch(end_of_day);

    WindowStats::by_day(hours.range(..end).map(|(_, hour)| hour))
}
