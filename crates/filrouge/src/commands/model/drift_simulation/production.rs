use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono_tz::Europe::Paris;
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::WindowStats;
use filrouge_model::monitoring::{ControlChart, InputDrift, Metric, Window};
use filrouge_model::{Description, Expected, FEATURE_COUNT, History, Predictor, features};
use filrouge_onnx_runtime::PoolSize;
use filrouge_train::{TrainContext, TrainOptions, train};
use filrouge_types::{FixedClock, Hour, StationHour, StationId};

use super::city_rows::SimulatedCity;
use crate::project;

/// Hours of the window that alarms judge, less one.
const WINDOW: i64 = 23;

/// A version in service, and the control limits of its stable days.
pub(super) struct Production {
    predictor: Predictor,
    description: Description,
    chart: ControlChart,
}

impl Production {
    /// Trains as `filrouge train` does, on the hours that `city` gives to learn.
    pub(super) fn train(city: &SimulatedCity) -> Result<Self> {
        let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
        let models = tempfile::tempdir().context("un dossier temporaire ne peut être fait")?;
        let options = TrainOptions {
            models: models.path().to_owned(),
            time_zone: Paris,
            // Nothing serves it: its folder ends with this function.
            promote: false,
            ..TrainOptions::default()
        };

        // A version carries its date: that of the machine would change it from run to run.
        let clock = FixedClock::at(city.split().start());
        let context = TrainContext {
            runtime: &runtime,
            clock: &clock,
            progress: &|_| {},
        };

        let learnt = Dataset::from_rows(city.learnt().iter().cloned())?;
        let folder = train(&learnt, &options, &context)?.folder;
        let description = Description::read(&folder)?;
        let model = description.system_demand.as_ref();

        Ok(Self {
            predictor: Predictor::load(&runtime, &folder, PoolSize::SINGLE)?,
            chart: ControlChart::learn(&description.backtest_days, model),
            description,
        })
    }

    /// The metrics in alarm after each of the hours `ends`, which follow one another.
    pub(super) fn alarms(&self, history: &History, ends: &[Hour]) -> Result<Vec<Vec<Metric>>> {
        let (Some(first), Some(last)) = (ends.first(), ends.last()) else {
            return Ok(Vec::new());
        };

        let hours = self.hourly_stats(history, *first - WINDOW, *last)?;
        let in_alarm = |end: &Hour| {
            let alarms = self.chart.judge(&self.window(history, &hours, *end));
            let metrics = alarms.into_iter().map(|alarm| alarm.limits.metric);
            metrics.collect()
        };

        Ok(ends.iter().map(in_alarm).collect())
    }

    /// Tells whether an input is odd over the day that ends with `end`.
    pub(super) fn warns(&self, history: &History, end: Hour) -> bool {
        let station = history.stations().next();

        station.is_some_and(|station| {
            let inputs = InputDrift::of(history, station, end);
            inputs.iter().any(|input| input.warning.is_some())
        })
    }

    /// The day that ends with `end`, as alarms judge it.
    fn window(&self, history: &History, hours: &BTreeMap<Hour, WindowStats>, end: Hour) -> Window {
        let mut forecasts = WindowStats::starting(end - WINDOW);

        for hour in hours.range(end - WINDOW..=end).map(|(_, hour)| hour) {
            forecasts.add_hour(hour);
        }

        let model = self.description.system_demand.as_ref();
        let system = model.and_then(|model| model.residual(history, end, Paris));
        Window { forecasts, system }
    }

    /// Statistics of the forecasts of each hour `from..=to`, made a day ahead.
    fn hourly_stats(
        &self,
        history: &History,
        from: Hour,
        to: Hour,
    ) -> Result<BTreeMap<Hour, WindowStats>> {
        let expected = self.predictor.expected(history, (from, to + 1))?;

        (0..=to - from)
            .map(|index| from + index)
            .map(|hour| Ok((hour, self.stats(history, &expected, hour)?)))
            .collect()
    }

    fn stats(&self, history: &History, expected: &Expected, hour: Hour) -> Result<WindowStats> {
        let stations: Vec<&StationId> = history.stations().collect();
        let mut inputs = Vec::with_capacity(stations.len() * FEATURE_COUNT);

        for station in &stations {
            let known = history.conditions(station, hour);
            inputs.extend(features(history, expected, station, hour, &known).to_array());
        }

        let mut stats = WindowStats::starting(hour);
        let predictions = self.predictor.predict(&inputs)?;

        for (station, prediction) in stations.iter().zip(predictions) {
            let counted = |hour| history.departures(station, hour);
            // 168 hours: the week before is the reference of skill.
            stats.add(&prediction, counted(hour), counted(hour - 168));
        }

        Ok(stats)
    }
}

/// The history of these rows.
pub(super) fn history_of(rows: &[StationHour]) -> Result<History> {
    let mut history = History::default();

    history.extend_station_hours(rows)?;
    Ok(history)
}
