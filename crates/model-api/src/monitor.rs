//! What was predicted, beside what happened: the journal of predictions, and what it says of the
//! model in service.

mod kept;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{Alarm, ControlChart, ControlLimits, InputDrift, Window};
use filrouge_model::{HORIZON_HOURS, Prediction};
use filrouge_types::{Hour, StationId};

use crate::serving::Serving;

/// Hours of outcomes kept: a month, and the day under way.
const KEPT_HOURS: i64 = 31 * 24;

/// Predictions whose truth does not come within this time are given up: the hour was not counted.
const PATIENCE_HOURS: i64 = 72;

/// Hours predicted again when the service starts, so that it does not watch blindly for a day.
const REPLAYED_HOURS: i64 = 7 * 24;

/// Predictions replayed, at most: a city of thousands of stations replays fewer hours.
const MOST_REPLAYED: usize = 50_000;

/// The journal: no person in it, and no request either, only station-hours.
#[derive(Debug, Default)]
pub(crate) struct Monitor {
    journal: Mutex<Journal>,
    /// Where it is kept from one start to the next.
    file: Option<PathBuf>,
}

#[derive(Debug, Default)]
struct Journal {
    /// The first prediction made of each hour that is not counted yet.
    awaited: HashMap<(StationId, Hour), Prediction>,
    /// Each hour's quality, once counted.
    hours: BTreeMap<Hour, WindowStats>,
    /// Predictions of each hour whose truth is known.
    joined: u64,
    has_replayed: bool,
    state: Option<MonitorState>,
}

/// What is known of the model in service at one moment.
#[derive(Debug, Clone)]
pub(crate) struct MonitorState {
    pub(crate) model_version: String,
    pub(crate) last_counted: Hour,
    /// The last 24 counted hours.
    pub(crate) window: WindowStats,
    /// Residual of the system's demand over those hours.
    pub(crate) system_residual: Option<f64>,
    /// The days before, whole ones first (UTC).
    pub(crate) days: Vec<WindowStats>,
    pub(crate) limits: Vec<ControlLimits>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) inputs: Vec<InputDrift>,
    /// Predictions whose truth is awaited, and those whose truth came.
    pub(crate) awaited: usize,
    pub(crate) joined: u64,
}

impl Monitor {
    /// Goes on with the journal that `file` holds, if any.
    pub(crate) fn kept_in(file: Option<PathBuf>) -> Self {
        let journal = file.as_deref().map(kept::read).unwrap_or_default();
        Self {
            journal: Mutex::new(journal),
            file,
        }
    }

    /// Takes what is served now: joins what it knows to the predictions that awaited it, logs its
    /// new predictions, judges.
    pub(crate) fn observe(&self, serving: &Serving) -> MonitorState {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if !journal.has_replayed {
            journal.has_replayed = true;
            journal.log(replay(serving));
        }

        journal.join(serving);
        journal.log(serving.day_ahead().iter().cloned());
        let state = journal.judge(serving);
        journal.state = Some(state.clone());

        if let Some(file) = &self.file {
            kept::write(file, &journal);
        }
        state
    }

    /// Joins a truth that a client gives; says whether a prediction awaited it.
    pub(crate) fn give(
        &self,
        station_id: &StationId,
        hour: Hour,
        departures: f32,
        last_week: f32,
    ) -> bool {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.settle(station_id, hour, departures, last_week)
    }

    /// What was known last.
    pub(crate) fn state(&self) -> Option<MonitorState> {
        self.journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .state
            .clone()
    }
}

impl Journal {
    /// The first prediction of an hour stays: a later one knows more than a day ahead.
    fn log(&mut self, predictions: impl IntoIterator<Item = (StationId, Hour, Prediction)>) {
        for (station_id, hour, prediction) in predictions {
            if !self.hours.contains_key(&hour) {
                self.awaited.entry((station_id, hour)).or_insert(prediction);
            }
        }
    }

    fn join(&mut self, serving: &Serving) {
        let history = serving.knowledge().history();
        let last_counted = serving.knowledge().last_counted();

        let due: Vec<_> = self
            .awaited
            .keys()
            .filter(|(_, hour)| *hour <= last_counted)
            .cloned()
            .collect();

        for (station_id, hour) in due {
            let truth = history.departures(&station_id, hour);
            if !truth.is_nan() {
                self.settle(
                    &station_id,
                    hour,
                    truth,
                    history.departures(&station_id, hour - 168),
                );
            } else if hour + PATIENCE_HOURS < last_counted {
                self.awaited.remove(&(station_id, hour));
            }
        }

        let oldest = last_counted - KEPT_HOURS;
        self.hours.retain(|hour, _| *hour > oldest);
    }

    fn settle(&mut self, station_id: &StationId, hour: Hour, truth: f32, last_week: f32) -> bool {
        let Some(prediction) = self.awaited.remove(&(station_id.clone(), hour)) else {
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
            .add(&prediction, truth, last_week);
        self.joined += 1;

        true
    }

    fn judge(&self, serving: &Serving) -> MonitorState {
        let champion = serving.champion();
        let last_counted = serving.knowledge().last_counted();
        let window = self.sum(last_counted - (HORIZON_HOURS - 1), last_counted);
        let description = champion.description();
        let model = description.system_demand.as_ref();
        let chart = ControlChart::learn(&description.backtest_days, model);
        let history = serving.knowledge().history();

        let system =
            model.and_then(|model| model.residual(history, last_counted, champion.time_zone()));
        let first_station = history.stations().next();
        let judged = Window {
            forecasts: window,
            system,
        };

        MonitorState {
            model_version: champion.version().to_owned(),
            last_counted,
            days: self.days(last_counted),
            alarms: chart.judge(&judged),
            limits: chart.limits(&judged),
            inputs: first_station
                .map(|station| InputDrift::of(history, station, last_counted))
                .unwrap_or_default(),
            window,
            system_residual: system.map(|system| system.relative),
            awaited: self.awaited.len(),
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
        let Some((first, _)) = self.hours.first_key_value() else {
            return Vec::new();
        };
        let day = |hour: Hour| hour.hours_since_epoch().div_euclid(24);
        let start = |day: i64| Hour::from_hours_since_epoch(24 * day);
        let days = day(*first)..=day(last_counted);
        days.map(|day| self.sum(start(day), start(day) + 23))
            .filter(|day| day.rows > 0)
            .collect()
    }
}

/// Predictions of the last days, made again: the features of an hour read nothing of the day before
/// it, so they are those that the model in service would have given, weather apart (observed, not
/// forecast).
fn replay(serving: &Serving) -> Vec<(StationId, Hour, Prediction)> {
    let knowledge = serving.knowledge();
    let stations: Vec<StationId> = knowledge.history().stations().cloned().collect();
    let hours = REPLAYED_HOURS.min((MOST_REPLAYED / stations.len().max(1)) as i64);
    let first = (knowledge.last_counted() - hours + 1).max(knowledge.window().first);
    let mut predictions = Vec::new();
    for hour in (0..hours)
        .map(|index| first + index)
        .filter(|hour| *hour <= knowledge.last_counted())
    {
        match serving.predict_hour(&stations, hour) {
            Ok(of_hour) => predictions.extend(of_hour),
            Err(error) => {
                tracing::warn!(%error, "the last days could not be predicted again");
                break;
            }
        }
    }
    predictions
}
