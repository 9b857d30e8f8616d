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

use super::world::World;
use crate::project;

/// A version in service, and what its rehearsals say of stable days.
pub(super) struct Production {
    predictor: Predictor,
    description: Description,
    chart: ControlChart,
}

impl Production {
    /// Trains as `filrouge train` does, on what `world` gives to learn.
    pub(super) fn train(world: &World) -> Result<Self> {
        let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
        let models = tempfile::tempdir().context("un dossier temporaire ne peut être fait")?;

        let options = TrainOptions {
            models: models.path().to_owned(),
            time_zone: Paris,
            promote: false,
            ..TrainOptions::default()
        };

        let clock = FixedClock::at(world.split().start());
        let context = TrainContext {
            runtime: &runtime,
            clock: &clock,
            progress: &|_| {},
        };
        let report = train(
            &Dataset::from_rows(world.learnt().iter().cloned())?,
            &options,
            &context,
        )?;

        let description = Description::read(&report.folder)?;

        Ok(Self {
            predictor: Predictor::load(&runtime, &report.folder, PoolSize::SINGLE)?,
            chart: ControlChart::learn(
                &description.backtest_days,
                description.system_demand.as_ref(),
            ),
            description,
        })
    }

    pub(super) fn remember(&self, rows: &[StationHour]) -> Result<History> {
        let mut history = History::default();
        history.extend_station_hours(rows)?;
        Ok(history)
    }

    /// What rings after each of the hours `lasts`, which follow one another.
    pub(super) fn alarms(&self, history: &History, lasts: &[Hour]) -> Result<Vec<Vec<Metric>>> {
        let (Some(first), Some(last)) = (lasts.first(), lasts.last()) else {
            return Ok(Vec::new());
        };
        let expected = self.predictor.expected(history, (*first - 23, *last + 1))?;
        let mut hours = BTreeMap::new();

        for hour in (0..*last - (*first - 23) + 1).map(|index| *first - 23 + index) {
            hours.insert(hour, self.quality(history, &expected, hour)?);
        }

        let model = self.description.system_demand.as_ref();
        let judge = |last: &Hour| {
            let mut forecasts = WindowStats::starting(*last - 23);

            hours
                .range(*last - 23..=*last)
                .for_each(|(_, hour)| forecasts.add_hour(hour));
            let system = model.and_then(|model| model.residual(history, *last, Paris));
            let alarms = self.chart.judge(&Window { forecasts, system });

            alarms
                .into_iter()
                .map(|alarm| alarm.limits.metric)
                .collect()
        };

        Ok(lasts.iter().map(judge).collect())
    }

    /// Whether an input is odd over the day that ends with `last`.
    pub(super) fn notices(&self, history: &History, last: Hour) -> bool {
        let station = history.stations().next();
        station.is_some_and(|station| {
            InputDrift::of(history, station, last)
                .iter()
                .any(|input| input.warning.is_some())
        })
    }

    /// What the forecasts of one hour, made a day ahead, were worth.
    fn quality(&self, history: &History, expected: &Expected, hour: Hour) -> Result<WindowStats> {
        let stations: Vec<&StationId> = history.stations().collect();
        let mut inputs = Vec::with_capacity(stations.len() * FEATURE_COUNT);

        for station in &stations {
            inputs.extend(
                features(
                    history,
                    expected,
                    station,
                    hour,
                    &history.conditions(station, hour),
                )
                .to_array(),
            );
        }

        let mut quality = WindowStats::starting(hour);

        for (station, prediction) in stations.iter().zip(self.predictor.predict(&inputs)?) {
            quality.add(
                &prediction,
                history.departures(station, hour),
                history.departures(station, hour - 168),
            );
        }

        Ok(quality)
    }
}
