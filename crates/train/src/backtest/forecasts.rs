use std::ops::Range;

use filrouge_dataset::Dataset;
use filrouge_model::{BiasCorrection, ForecastActual, History};
use filrouge_types::Hour;

use crate::bias_correction::correction_strength;
use crate::calibration::{Calibration, Scale};
use crate::conformal::CalibrationSet;
use crate::examples::Examples;

/// Out-of-sample forecasts beside the counts, fold after fold.
#[derive(Default)]
pub(crate) struct Backtest {
    /// Number of trees: the median of the folds' best.
    pub(crate) trees: usize,
    /// Position in the data set of each forecast hour.
    pub(crate) rows: Vec<usize>,
    pub(crate) hours: Vec<Hour>,
    usual_demand: Vec<f32>,
    actual: Vec<f32>,
    /// Counted over forecast during the days before, in the same fold; missing on its first day.
    pub(crate) bias_ratios: Vec<f32>,
    /// Makes a scale of a usual demand and a bias ratio.
    scale: Scale,
    /// Answers of the trees: √demand over √scale.
    pub(crate) relative_roots: Vec<f64>,
    /// Number of rows of each fold.
    lengths: Vec<usize>,
}

/// The calibration of the version, and those that judge each fold without having seen it.
pub(crate) struct FoldCalibrations {
    pub(crate) all: Calibration,
    without_fold: Vec<Calibration>,
    lengths: Vec<usize>,
}

impl Backtest {
    pub(crate) fn with_trees(trees: usize) -> Self {
        Self {
            trees,
            ..Self::default()
        }
    }

    pub(crate) fn add_fold(&mut self, relative_roots: Vec<f64>, inside: &Examples) {
        let usual_demand = (0..inside.len()).map(|example| inside.scale(example));

        self.lengths.push(inside.len());
        self.rows.extend(&inside.row);
        self.hours.extend(&inside.hour);
        self.actual.extend(&inside.actual);
        self.usual_demand.extend(usual_demand);
        self.relative_roots.extend(relative_roots);
        self.bias_ratios.resize(self.rows.len(), f32::NAN);
    }

    /// Sets the scale of hours without usual demand, then the strength of the bias correction.
    pub(crate) fn fit_scale(&mut self, dataset: &Dataset, history: &History) {
        let usual = self.usual_demand.iter().map(|usual| f64::from(*usual));
        self.scale.default = usual.sum::<f64>() / self.usual_demand.len() as f64;

        // The strength is still 0 here: the ratios are those of forecasts without correction, as in
        // service.
        let uncorrected = self.demand();
        self.fill_bias_ratios(dataset, history, &uncorrected);
        self.scale.correction_strength =
            correction_strength(&self.bias_ratios, &uncorrected, &self.actual);
    }

    /// The scale of forecast `index`, departures an hour.
    pub(crate) fn scale(&self, index: usize) -> f64 {
        self.scale
            .from(self.usual_demand[index], self.bias_ratios[index])
    }

    /// Fits the calibrations on these forecasts.
    pub(crate) fn calibrations(&self) -> FoldCalibrations {
        let root = |(index, root): (usize, &f64)| root.max(0.0) * self.scale(index).sqrt();
        let roots: Vec<f64> = self.relative_roots.iter().enumerate().map(root).collect();
        let mut set = CalibrationSet::default();

        for fold in self.folds() {
            set.add_fold(&roots[fold.clone()], &self.actual[fold]);
        }

        let miscoverage = set.tuned_miscoverage();
        FoldCalibrations {
            all: set.fit(miscoverage, self.scale),
            without_fold: set.fit_without_each_fold(miscoverage, self.scale),
            lengths: self.lengths.clone(),
        }
    }

    /// Demand of each hour, from calibrations that have not seen its fold.
    fn demand(&self) -> Vec<f32> {
        let calibrations = self.calibrations();
        let demand = |(index, calibration): (usize, &Calibration)| {
            let prediction = calibration.predict(self.relative_roots[index], self.scale(index));
            prediction.demand
        };

        calibrations.held_out().enumerate().map(demand).collect()
    }

    /// Computes the bias ratio of each hour from the days before it in its own fold.
    fn fill_bias_ratios(&mut self, dataset: &Dataset, history: &History, forecasts: &[f32]) {
        let (stations, station) = (&dataset.conditions.stations, &dataset.conditions.station);
        let judged = |index: usize| ForecastActual {
            station: &stations[station[self.rows[index]] as usize],
            hour: self.hours[index],
            actual: self.actual[index],
            forecast: forecasts[index],
        };

        // A fold at a time: each has its own model, whose bias says nothing of the others'.
        for fold in self.folds() {
            let rows: Vec<ForecastActual<'_>> = fold.clone().map(judged).collect();
            let correction = BiasCorrection::of(history, &rows);

            for (ratio, row) in self.bias_ratios[fold].iter_mut().zip(&rows) {
                *ratio = correction.ratio(row.station, row.hour);
            }
        }
    }

    /// Positions of the forecasts of each fold.
    fn folds(&self) -> Vec<Range<usize>> {
        let range = |end: &mut usize, length: &usize| {
            *end += length;
            Some(*end - length..*end)
        };

        self.lengths.iter().scan(0, range).collect()
    }
}

impl FoldCalibrations {
    /// For each forecast of the backtest, in its order, the calibration fitted without its fold.
    pub(crate) fn held_out(&self) -> impl Iterator<Item = &Calibration> {
        let folds = self.without_fold.iter().zip(&self.lengths);

        folds.flat_map(|(calibration, length)| std::iter::repeat_n(calibration, *length))
    }
}
