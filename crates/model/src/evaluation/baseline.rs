use std::collections::HashMap;

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use filrouge_types::{Hour, StationId};

use crate::history::{ConditionValues, History};

/// Name of the baseline that repeats the hour a week before.
pub const SAME_HOUR_LAST_WEEK: &str = "same_hour_last_week";

/// Name of the baseline that gives the station's mean at that hour on such a day (working or not).
pub const MEAN_BY_HOUR_AND_WORKING_DAY: &str = "mean_by_hour_and_working_day";

/// The forecasts that anyone could make without a model, learnt from the hours before the evaluated
/// ones.
#[derive(Debug, Clone)]
pub struct Baselines {
    by_station: HashMap<StationId, HashMap<Slot, Mean>>,
    by_slot: HashMap<Slot, Mean>,
    overall: Mean,
    time_zone: Tz,
}

/// Local hour of the day, and true on a working day.
type Slot = (u32, bool);

#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Baselines {
    /// Learns the means from the counts of `history` before `start`.
    pub fn learn(history: &History, start: Hour, time_zone: Tz) -> Self {
        let mut baselines = Self {
            by_station: HashMap::new(),
            by_slot: HashMap::new(),
            overall: Mean::default(),
            time_zone,
        };

        for station in history.stations() {
            let mut own = HashMap::<Slot, Mean>::new();
            let before = history
                .counted_hours(station)
                .filter(|(hour, ..)| *hour < start);

            for (hour, departures, conditions) in before {
                let slot = baselines.slot(hour, &conditions);
                own.entry(slot).or_default().add(departures);
                baselines.by_slot.entry(slot).or_default().add(departures);
                baselines.overall.add(departures);
            }
            baselines.by_station.insert(station.clone(), own);
        }

        baselines
    }

    /// The hour a week before; [`Self::mean_by_hour_and_working_day`] where that hour was not
    /// counted.
    pub fn same_hour_last_week(
        &self,
        history: &History,
        station: &StationId,
        hour: Hour,
        conditions: &ConditionValues,
    ) -> f32 {
        let last_week = history.departures(station, hour - 168);

        // A baseline that skipped hours would be measured on other rows than the model.
        if last_week.is_nan() {
            self.mean_by_hour_and_working_day(station, hour, conditions)
        } else {
            last_week
        }
    }

    /// The station's mean; that of all the stations where it has none; zero without any history.
    pub fn mean_by_hour_and_working_day(
        &self,
        station: &StationId,
        hour: Hour,
        conditions: &ConditionValues,
    ) -> f32 {
        let slot = self.slot(hour, conditions);
        let own = self
            .by_station
            .get(station)
            .and_then(|means| means.get(&slot));

        own.or_else(|| self.by_slot.get(&slot))
            .unwrap_or(&self.overall)
            .value()
    }

    fn slot(&self, hour: Hour, conditions: &ConditionValues) -> Slot {
        let local = hour.start().with_timezone(&self.time_zone);
        let weekday = local.weekday().num_days_from_monday() < 5;
        // NaN compares false: a day of which nothing is known is no holiday.
        let is_holiday = conditions.is_public_holiday > 0.5;
        (local.hour(), weekday && !is_holiday)
    }
}

impl Mean {
    fn add(&mut self, value: f32) {
        self.sum += f64::from(value);
        self.count += 1;
    }

    fn value(&self) -> f32 {
        if self.count == 0 {
            0.0
        } else {
            (self.sum / f64::from(self.count)) as f32
        }
    }
}
