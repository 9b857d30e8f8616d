use std::collections::BTreeMap;

use filrouge_dataset::Dataset;
use filrouge_model::evaluation::{
    Baselines, Evaluation, MEAN_BY_HOUR_AND_WORKING_DAY, Measures, SAME_HOUR_LAST_WEEK,
    WindowStats, coverage,
};
use filrouge_model::{History, Prediction};
use filrouge_types::Hour;

use crate::backtest::{Backtest, BacktestInputs, FoldCalibrations};
use crate::examples::known_of;

/// Counts beside the forecasts of the model and of the baselines, row by row.
#[derive(Default)]
pub(crate) struct Scores {
    actual: Vec<f32>,
    demand: Vec<f32>,
    lower: Vec<f32>,
    upper: Vec<f32>,
    last_week: Vec<f32>,
    mean_by_hour: Vec<f32>,
    hours: BTreeMap<Hour, WindowStats>,
}

/// The rows to score, and the past that baselines know.
pub(crate) struct Scored<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) history: &'a History,
    pub(crate) baselines: Baselines,
}

impl Scores {
    /// Adds the row `row` of the data set with its prediction; returns the forecast of the same
    /// hour a week before.
    pub(crate) fn add(&mut self, scored: &Scored<'_>, row: usize, prediction: &Prediction) -> f32 {
        let Scored {
            dataset,
            history,
            baselines,
        } = scored;
        let table = &dataset.conditions;
        let station = &table.stations[table.station[row] as usize];
        let (hour, known) = (table.hour[row], known_of(table, row));
        let actual = dataset.departures[row] as f32;
        let last_week = baselines.same_hour_last_week(history, station, hour, &known);

        self.actual.push(actual);
        self.demand.push(prediction.demand);
        self.lower.push(prediction.demand_p10);
        self.upper.push(prediction.demand_p90);
        self.last_week.push(last_week);
        self.mean_by_hour
            .push(baselines.mean_by_hour_and_working_day(station, hour, &known));

        let stats = self.hours.entry(hour);
        let stats = stats.or_insert_with(|| WindowStats::starting(hour));
        stats.add(prediction, actual, last_week);

        last_week
    }

    /// Statistics of each day (UTC), in order.
    pub(crate) fn days(&self) -> Vec<WindowStats> {
        WindowStats::by_day(self.hours.values())
    }

    /// Statistics of each hour, in order.
    pub(crate) fn hours(&self) -> Vec<WindowStats> {
        self.hours.values().copied().collect()
    }

    /// The measures of all the rows.
    pub(crate) fn evaluation(&self) -> Evaluation {
        let measures = |forecasts: &[f32]| Measures::of(&self.actual, forecasts);
        let baselines = [
            (SAME_HOUR_LAST_WEEK, &self.last_week),
            (MEAN_BY_HOUR_AND_WORKING_DAY, &self.mean_by_hour),
        ];

        Evaluation {
            rows: self.actual.len(),
            measures: measures(&self.demand),
            coverage_80: coverage(&self.actual, &self.lower, &self.upper),
            baselines: baselines
                .map(|(name, forecasts)| (name.to_owned(), measures(forecasts)))
                .into(),
        }
    }
}

/// Scores each fold beside baselines that know the same past, calibrated on the other folds.
pub(crate) fn of_backtest(
    inputs: &BacktestInputs<'_>,
    backtest: &Backtest,
    calibrations: &FoldCalibrations,
) -> Scores {
    let mut scores = Scores::default();

    for fold in inputs.folds {
        let scored = Scored {
            dataset: inputs.dataset,
            history: inputs.history,
            // Learnt again for each fold: a baseline that knew the fold would win unfairly.
            baselines: Baselines::learn(inputs.history, fold.start, inputs.time_zone),
        };
        let forecasts = calibrations.held_out().enumerate();
        let inside = forecasts.filter(|(index, _)| fold.contains(backtest.hours[*index]));

        for (index, calibration) in inside {
            let root = backtest.relative_roots[index];
            let prediction = calibration.predict(root, backtest.scale(index));
            scores.add(&scored, backtest.rows[index], &prediction);
        }
    }

    scores
}
