//! Predictions beside the counts that came after them: the journal, and its verdict on the model in
//! service.

mod file;
mod journal;

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use filrouge_model::canary::PairedHour;
use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{Alarm, ControlChart, ControlLimits, InputDrift, Window};
use filrouge_types::{Hour, StationId};

use crate::snapshot::{PredictionRecord, ServingSnapshot};
use file::KeptJournal;
use journal::{ActualCount, Journal, Realised};

/// Hours predicted again when the service starts, so that it is not blind for a day.
const REPLAYED_HOURS: i64 = 7 * 24;

/// Predictions replayed, at most: a city of thousands of stations replays fewer hours.
const MOST_REPLAYED: usize = 50_000;

/// The journal of one version's predictions: no person in it, and no request either, only
/// station-hours.
#[derive(Debug, Default)]
pub(crate) struct Monitor {
    journal: Mutex<Journal>,
    /// Its file from one start to the next.
    file: Option<PathBuf>,
    /// Held while the file is written, so that an older journal never replaces a newer one.
    saving: Mutex<()>,
}

/// The verdict on the model in service at one moment.
#[derive(Debug, Clone)]
pub(crate) struct MonitorState {
    pub(crate) last_counted: Hour,
    pub(crate) realised: Realised,
    /// Departures of the whole system over those expected of it, less one, over those hours.
    pub(crate) system_residual: Option<f64>,
    pub(crate) limits: Vec<ControlLimits>,
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) inputs: Vec<InputDrift>,
}

impl Monitor {
    /// Goes on with the journal that `file` holds, if any.
    pub(crate) fn kept_in(file: Option<PathBuf>) -> Self {
        let journal = file.as_deref().map(file::read).unwrap_or_default();
        Self {
            journal: Mutex::new(journal),
            file,
            saving: Mutex::default(),
        }
    }

    /// Takes a snapshot that is about to serve: joins the counts that it brings to the predictions
    /// that were pending, logs its new predictions, judges.
    pub(crate) fn observe(&self, snapshot: &ServingSnapshot) -> MonitorState {
        let demand = snapshot.demand();

        // The model runs before the journal is locked, and the verdict is made after: a client that
        // gives outcomes waits for neither.
        let is_first = self.journal().start_replay();
        let replayed = if is_first {
            replay(snapshot)
        } else {
            Vec::new()
        };

        let mut journal = self.journal();
        journal.log(replayed);
        journal.join(demand);
        journal.log(snapshot.day_ahead().iter().cloned());
        let realised = journal.realised(demand.last_counted());
        drop(journal);

        MonitorState::new(realised, snapshot)
    }

    /// Takes the count that a client gives, until the data API has its own; says whether a
    /// prediction was pending.
    pub(crate) fn record(
        &self,
        station_id: &StationId,
        hour: Hour,
        departures: f32,
        last_week: f32,
    ) -> bool {
        let outcome = ActualCount {
            departures,
            last_week: Some(last_week).filter(|count| !count.is_nan()),
        };
        self.journal().record_provisional(station_id, hour, outcome)
    }

    /// The hours since `from` that this journal and the champion's judge on the same forecasts.
    pub(crate) fn paired_with(&self, champion: &Self, from: Hour) -> Vec<PairedHour> {
        let champion = champion.journal();
        let canary = self.journal();
        let pair = |(hour, canary): (&Hour, &WindowStats)| {
            let champion = champion.hours.get(hour)?;
            // An hour that one of them forecast in part compares nothing.
            (champion.rows == canary.rows).then_some(PairedHour {
                hour: *hour,
                champion_error: champion.absolute_error,
                canary_error: canary.absolute_error,
            })
        };
        canary.hours.range(from..).filter_map(pair).collect()
    }

    /// Goes on with the journal of the version that becomes the champion.
    pub(crate) fn take_over(&self, other: &Self) {
        let taken = std::mem::take(&mut *other.journal());
        *self.journal() = taken;
    }

    /// Keeps the journal for the next start, when it has a file: it is on the disk when this
    /// returns.
    ///
    /// # Errors
    /// Those of the file system; the journal of before is then untouched.
    pub(crate) fn save(&self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let _turn = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = KeptJournal::from(&*self.journal());
        kept.write(file)
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MonitorState {
    /// Judges the last day beside the days of the version's backtest, and its inputs beside the
    /// four weeks before.
    fn new(realised: Realised, snapshot: &ServingSnapshot) -> Self {
        let (model, history) = (snapshot.model(), snapshot.demand().history());
        let last_counted = snapshot.demand().last_counted();
        let description = model.description();
        let system = description.system_demand.as_ref();

        let window = Window {
            forecasts: realised.window,
            system: system
                .and_then(|system| system.residual(history, last_counted, model.time_zone())),
        };
        let chart = ControlChart::learn(&description.backtest_days, system);
        // Weather is the same for the whole city: one station stands for all.
        let first_station = history.stations().next();
        let inputs = first_station.map(|station| InputDrift::of(history, station, last_counted));

        Self {
            last_counted,
            system_residual: window.system.map(|system| system.relative),
            alarms: chart.judge(&window),
            limits: chart.limits(&window),
            inputs: inputs.unwrap_or_default(),
            realised,
        }
    }
}

/// Predictions of the last days, made again: the features of an hour read nothing of the day before
/// it, so they are those that the model in service would have given, weather apart (observed, not
/// forecast).
fn replay(snapshot: &ServingSnapshot) -> Vec<PredictionRecord> {
    let demand = snapshot.demand();
    let stations: Vec<StationId> = demand.history().stations().cloned().collect();
    let hours = REPLAYED_HOURS.min((MOST_REPLAYED / stations.len().max(1)) as i64);
    let first = (demand.last_counted() - hours + 1).max(*demand.predictable().start());

    let mut records = Vec::new();
    let mut hour = first;
    while hour <= demand.last_counted() {
        match snapshot.predict_hour(&stations, hour) {
            Ok(of_hour) => records.extend(of_hour),
            Err(error) => {
                // Days that are not replayed are watched later, as they are counted.
                tracing::warn!(%error, "the last days could not be predicted again");
                break;
            }
        }
        hour = hour + 1;
    }
    records
}
