use std::collections::BTreeMap;

use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::evaluation::{
    Baselines, Evaluation, MEAN_BY_HOUR_AND_WORKING_DAY, Measures, SAME_HOUR_LAST_WEEK,
    WindowStats, coverage,
};
use filrouge_model::{History, Prediction};
use filrouge_types::Hour;

use crate::examples::known_of;
use crate::rolling::{Fold, Heads, Rehearsal};

/// Truths beside the model's forecasts and those of the baselines, row by row.
#[derive(Default)]
pub(crate) struct Scores {
    truths: Vec<f32>,
    demand: Vec<f32>,
    lower: Vec<f32>,
    upper: Vec<f32>,
    last_week: Vec<f32>,
    usual: Vec<f32>,
    hours: BTreeMap<Hour, WindowStats>,
}

impl Scores {
    /// Adds one row of `dataset` with what the model says of it; gives what the hour a week before
    /// says.
    pub(crate) fn add(
        &mut self,
        dataset: &Dataset,
        row: usize,
        prediction: &Prediction,
        history: &History,
        baselines: &Baselines,
    ) -> f32 {
        let table = &dataset.conditions;
        let station = &table.stations[table.station[row] as usize];
        let (hour, known) = (table.hour[row], known_of(table, row));

        self.truths.push(dataset.departures[row] as f32);
        self.demand.push(prediction.demand);
        self.lower.push(prediction.demand_p10);
        self.upper.push(prediction.demand_p90);
        let last_week = baselines.same_hour_last_week(history, station, hour, &known);
        self.last_week.push(last_week);
        let quality = self
            .hours
            .entry(hour)
            .or_insert_with(|| WindowStats::starting(hour));

        quality.add(prediction, dataset.departures[row] as f32, last_week);
        self.usual
            .push(baselines.mean_by_hour_and_working_day(station, hour, &known));

        last_week
    }

    /// The quality of each day (UTC), in order.
    pub(crate) fn days(&self) -> Vec<WindowStats> {
        let mut days: BTreeMap<i64, WindowStats> = BTreeMap::new();
        for (hour, quality) in &self.hours {
            let day = hour.hours_since_epoch().div_euclid(24);
            let start = Hour::from_hours_since_epoch(24 * day);
            days.entry(day)
                .or_insert_with(|| WindowStats::starting(start))
                .add_hour(quality);
        }
        days.into_values().collect()
    }

    /// The measures of all the rows.
    pub(crate) fn evaluation(&self) -> Evaluation {
        Evaluation {
            rows: self.truths.len(),
            measures: Measures::of(&self.truths, &self.demand),
            coverage_80: coverage(&self.truths, &self.lower, &self.upper),
            baselines: [
                (
                    SAME_HOUR_LAST_WEEK.to_owned(),
                    Measures::of(&self.truths, &self.last_week),
                ),
                (
                    MEAN_BY_HOUR_AND_WORKING_DAY.to_owned(),
                    Measures::of(&self.truths, &self.usual),
                ),
            ]
            .into(),
        }
    }
}

/// The measures of the folds, each beside baselines that know the same past, with curves learnt
/// from the other folds.
pub(crate) fn rehearsal(
    dataset: &Dataset,
    history: &History,
    rehearsal: &Rehearsal,
    heads: &Heads,
    folds: &[Fold],
    time_zone: Tz,
) -> Scores {
    let mut scores = Scores::default();

    for fold in folds {
        let baselines = Baselines::learn(history, fold.start, time_zone);
        for (index, head) in heads
            .held_out()
            .enumerate()
            .filter(|(index, _)| fold.contains(rehearsal.hours[*index]))
        {
            let prediction = head.predict(rehearsal.relative_roots[index], rehearsal.scale(index));
            scores.add(
                dataset,
                rehearsal.rows[index],
                &prediction,
                history,
                &baselines,
            );
        }
    }

    scores
}
