use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono_tz::Europe::Paris;
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::DayQuality;
use filrouge_model::watch::{InputWatch, Quality, Thresholds, Window};
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
    thresholds: Thresholds,
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
            thresholds: Thresholds::learn(
                &description.rehearsed_days,
                description.total_law.as_ref(),
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
    pub(super) fn alarms(&self, history: &History, lasts: &[Hour]) -> Result<Vec<Vec<Quality>>> {
        let (Some(first), Some(last)) = (lasts.first(), lasts.last()) else {
            return Ok(Vec::new());
        };
        let expected = self.predictor.expected(history, (*first - 23, *last + 1))?;
        let mut hours = BTreeMap::new();

        for hour in (0..*last - (*first - 23) + 1).map(|index| *first - 23 + index) {
            hours.insert(hour, self.quality(history, &expected, hour)?);
        }

        let law = self.description.total_law.as_ref();
        let judge = |last: &Hour| {
            let mut forecasts = DayQuality::starting(*last - 23);

            hours
                .range(*last - 23..=*last)
                .for_each(|(_, hour)| forecasts.add_hour(hour));
            let total = law.and_then(|law| law.excess(history, *last, Paris));
            let alarms = self.thresholds.judge(&Window { forecasts, total });

            alarms
                .into_iter()
                .map(|alarm| alarm.bounds.quality)
                .collect()
        };

        Ok(lasts.iter().map(judge).collect())
    }

    /// Whether an input is odd over the day that ends with `last`.
    pub(super) fn notices(&self, history: &History, last: Hour) -> bool {
        let station = history.stations().next();
        station.is_some_and(|station| {
            InputWatch::of(history, station, last)
                .iter()
                .any(|input| input.notice.is_some())
        })
    }

    /// What the forecasts of one hour, made a day ahead, were worth.
    fn quality(&self, history: &History, expected: &Expected, hour: Hour) -> Result<DayQuality> {
        let stations: Vec<&StationId> = history.stations().collect();
        let mut inputs = Vec::with_capacity(stations.len() * FEATURE_COUNT);

        for station in &stations {
            inputs.extend(
                features(
                    history,
                    expected,
                    station,
                    hour,
                    &history.known(station, hour),
                )
                .to_array(),
            );
        }

        let mut quality = DayQuality::starting(hour);

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
