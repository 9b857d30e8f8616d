use anyhow::{Context, Result};
use filrouge_model::{FEATURE_COUNT, FEATURE_NAMES};
use filrouge_types::Hour;
use forust_ml::objective::ObjectiveType;
use forust_ml::{GradientBooster, Matrix};
use rayon::prelude::*;

use crate::ensemble::round_booster;
use crate::examples::Examples;

/// As good as 128 in less time.
const BINS: u16 = 64;

/// Share of the columns that each tree reads: as good as all of them in half the time.
const COLUMNS_A_TREE: f64 = 0.5;

/// The same before a year has been seen: the fewer the days, the more their chance is in every
/// tree, unless trees differ.
const COLUMNS_A_TREE_EARLY: f64 = 0.3;

/// Rows that all the fits of a model grow on together, at most, unless one fit has more or days are
/// few.
const ROWS_GROWN_ON: usize = 60_000;

/// Fits of one model, at most, and before a year has been seen: past this, their mean gains
/// nothing.
const MOST_FITS: usize = 5;

/// Trees without improvement on the held-out hours after which growing stops.
const PATIENCE: usize = 30;

/// How trees are grown: a rehearsal and the version that it prepares grow them alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Growth {
    learning_rate: f32,
    leaves: usize,
    /// One row in so many is learnt from in a rehearsal.
    pub(crate) rehearsed: usize,
    fits: usize,
}

/// Below this number of rows trees stay small, or they would learn rows by heart; and rehearsals
/// learn from all of them.
const FEW_ROWS: usize = 50_000;

/// Rows of a rehearsal, at most: the four of them together then cost one version of half a million
/// rows.
const ROWS_OF_A_REHEARSAL: usize = 125_000;

impl Growth {
    /// For so many rows, drawn from those of `hours`. Measured on a simulated city, on the counters
    /// of Paris and on Capital Bikeshare (decision 0082).
    pub(crate) fn on(rows: usize, hours: &[Hour]) -> Self {
        let is_much = rows >= FEW_ROWS;
        let (learning_rate, leaves) = if is_much { (0.15, 127) } else { (0.1, 31) };
        let rehearsed = if is_much {
            rows.div_ceil(ROWS_OF_A_REHEARSAL).max(2)
        } else {
            1
        };

        let fewest_fits = if span_a_year(hours) { 1 } else { MOST_FITS };
        let fits = (ROWS_GROWN_ON / rows.max(1)).clamp(fewest_fits, MOST_FITS);

        Self {
            learning_rate,
            leaves,
            rehearsed,
            fits,
        }
    }

    /// The same with one fit: enough where a model is not kept.
    pub(crate) fn alone(self) -> Self {
        Self { fits: 1, ..self }
    }

    /// Fits whose mean makes a model. Each tree draws some of the columns, so fits of different
    /// seeds err differently, and their mean less than any: worth its time where rows are few, or
    /// days.
    fn seeds(self, seed: u64) -> Vec<u64> {
        let seeds = (0..self.fits as u64)
            .map(|number| seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        seeds.collect()
    }
}

/// A booster and the features it was grown on.
pub(crate) struct Fit {
    pub(crate) booster: GradientBooster,
    /// Features with at least one known value; the others cannot be binned.
    pub(crate) columns: Vec<usize>,
}

impl Fit {
    /// Grows the fits of one model, each of at most `trees` trees, on `examples`; with `held_out`,
    /// stops when these stop improving.
    ///
    /// The target is the root of demand over the root of the scale; each row weighs its scale, so
    /// that the squared error is that of the root of demand itself, whose spread does not depend on
    /// the scale (Anscombe, 1948).
    pub(crate) fn grow(
        examples: &Examples,
        held_out: Option<&Examples>,
        growth: Growth,
        trees: usize,
        seed: u64,
    ) -> Result<Vec<Self>> {
        let is_a_year = span_a_year(&examples.hour);
        let columns = known_columns(examples, is_a_year);
        let share = if is_a_year {
            COLUMNS_A_TREE
        } else {
            COLUMNS_A_TREE_EARLY
        };

        let train = Table::of(examples, &columns);
        let test = held_out.map(|examples| Table::of(examples, &columns));

        let fit = |seed| {
            let mut booster = booster(growth, trees, seed).set_colsample_bytree(share);

            if test.is_some() {
                booster = booster.set_early_stopping_rounds(Some(PATIENCE));
            }

            let evaluation = test.as_ref().map(|test| {
                vec![(
                    test.matrix(),
                    test.target.as_slice(),
                    test.weight.as_slice(),
                )]
            });

            booster
                .fit(&train.matrix(), &train.target, &train.weight, evaluation)
                .context("the trees could not be grown")?;

            Ok(Self {
                booster,
                columns: columns.clone(),
            })
        };

        growth.seeds(seed).into_par_iter().map(fit).collect()
    }

    /// The number of trees that was best on the held-out hours.
    pub(crate) fn best_trees(&self) -> usize {
        self.booster
            .prediction_iteration
            .unwrap_or(self.booster.trees.len())
    }

    /// The mean of `fits`, each cut to its first `trees` trees, rounded to what the exported graph
    /// holds.
    pub(crate) fn mean_of(fits: Vec<Self>, trees: usize) -> Option<Self> {
        let share = 1.0 / fits.len() as f32;
        let mean = fits
            .into_iter()
            .map(|fit| fit.cut(trees, share))
            .reduce(|mut mean, fit| {
                mean.booster.base_score += fit.booster.base_score;
                mean.booster.trees.extend(fit.booster.trees);
                mean
            });

        mean.map(|mut mean| {
            round_booster(&mut mean.booster);
            mean
        })
    }

    /// The first `trees` trees, their answers multiplied by `share`.
    fn cut(mut self, trees: usize, share: f32) -> Self {
        self.booster.trees.truncate(trees);
        self.booster.prediction_iteration = None;
        self.booster.base_score *= f64::from(share);
        for node in self
            .booster
            .trees
            .iter_mut()
            .flat_map(|tree| &mut tree.nodes)
        {
            node.weight_value *= share;
        }
        self
    }

    /// The booster's own answers (root of demand over root of scale) for `examples`.
    pub(crate) fn predict(&self, examples: &Examples) -> Vec<f64> {
        let table = Table::of(examples, &self.columns);
        self.booster.predict(&table.matrix(), true)
    }

    /// The booster's own answers for rows of features.
    pub(crate) fn predict_rows(&self, rows: &[f32]) -> Vec<f64> {
        let count = rows.len() / FEATURE_COUNT;
        let data = column_major(count, &self.columns, |row| {
            &rows[row * FEATURE_COUNT..(row + 1) * FEATURE_COUNT]
        });
        self.booster
            .predict(&Matrix::new(&data, count, self.columns.len()), true)
    }
}

/// Examples as the booster reads them: 64-bit columns, one after the other.
struct Table {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
    target: Vec<f64>,
    weight: Vec<f64>,
}

impl Table {
    fn of(examples: &Examples, columns: &[usize]) -> Self {
        let rows = examples.len();
        let scale = |row: usize| f64::from(examples.scale(row));
        let mean_scale = (0..rows).map(scale).sum::<f64>() / rows.max(1) as f64;
        Self {
            rows,
            columns: columns.len(),
            data: column_major(rows, columns, |row| examples.features(row)),
            target: (0..rows)
                .map(|row| (f64::from(examples.truth[row]) / scale(row)).sqrt())
                .collect(),
            weight: (0..rows).map(|row| scale(row) / mean_scale).collect(),
        }
    }

    fn matrix(&self) -> Matrix<'_, f64> {
        Matrix::new(&self.data, self.rows, self.columns)
    }
}

fn column_major<'a>(
    rows: usize,
    columns: &[usize],
    features: impl Fn(usize) -> &'a [f32],
) -> Vec<f64> {
    let mut data = Vec::with_capacity(rows * columns.len());
    for &column in columns {
        data.extend((0..rows).map(|row| f64::from(features(row)[column])));
    }
    data
}

/// Features that tell the date: the season, and how much is counted these days, all stations
/// together or one by one. A year has few days, and before one has been seen each of these numbers
/// belongs to one week or two: trees that read them would learn those weeks by heart.
const OF_THE_DATE: [&str; 11] = [
    "year_sine",
    "year_cosine",
    "level",
    "system_level",
    "counted_hours",
    "mean_3_hours",
    "mean_24_hours",
    "mean_7_days",
    "week_on_week",
    "system_mean_24_hours",
    "system_mean_7_days",
];

const YEAR: i64 = 365 * 24;

fn span_a_year(hours: &[Hour]) -> bool {
    hours
        .iter()
        .min()
        .zip(hours.iter().max())
        .is_some_and(|(first, last)| *last - *first >= YEAR)
}

fn known_columns(examples: &Examples, is_a_year: bool) -> Vec<usize> {
    let known =
        |column: &usize| (0..examples.len()).any(|row| !examples.features(row)[*column].is_nan());
    let told = |column: &usize| is_a_year || !OF_THE_DATE.contains(&FEATURE_NAMES[*column]);
    (0..FEATURE_COUNT).filter(known).filter(told).collect()
}

fn booster(growth: Growth, trees: usize, seed: u64) -> GradientBooster {
    GradientBooster::default()
        .set_objective_type(ObjectiveType::SquaredLoss)
        .set_iterations(trees)
        .set_learning_rate(growth.learning_rate)
        .set_max_depth(usize::MAX)
        .set_max_leaves(growth.leaves)
        .set_nbins(BINS)
        .set_l2(1.0)
        .set_min_leaf_weight(20.0)
        .set_base_score(1.0)
        .set_initialize_base_score(true)
        .set_tiled_histograms(true)
        .set_seed(seed)
}

#[cfg(test)]
mod tests {
    use filrouge_dataset::Dataset;
    use filrouge_model::{Expected, History};
    use filrouge_types::{Conditions, StationHour, Weather};

    use super::*;
    use crate::examples::remember;

    /// Names of the columns that trees read when three days are known, and three others `apart`
    /// hours later.
    fn columns_read(apart: i64) -> Vec<&'static str> {
        let row = |index: i64| StationHour {
            conditions: Conditions {
                station_id: "A".parse().unwrap(),
                hour: Hour::from_hours_since_epoch(490_000 + index),
                weather: Weather::default(),
                is_public_holiday: None,
                is_school_holiday: None,
                event_count: None,
            },
            departures: 3,
        };

        let dataset = Dataset::from_rows((0..72).chain(apart..apart + 72).map(row)).unwrap();
        let mut history = History::default();
        remember(&mut history, &dataset).unwrap();
        let rows: Vec<usize> = (0..dataset.len()).collect();

        let examples = Examples::of(
            &dataset,
            &history,
            &rows,
            &Expected::nothing(chrono_tz::UTC),
        );

        let columns = known_columns(&examples, span_a_year(&examples.hour));

        columns
            .into_iter()
            .map(|column| FEATURE_NAMES[column])
            .collect()
    }

    #[test]
    fn before_a_year_has_been_seen_trees_read_nothing_that_tells_the_date() {
        let (half_a_year, two_years) = (columns_read(YEAR / 2), columns_read(2 * YEAR));

        for name in ["level", "mean_24_hours", "system_level", "year_sine"] {
            assert_eq!(
                (half_a_year.contains(&name), two_years.contains(&name)),
                (false, true),
                "{name}"
            );
        }

        for name in ["usual_demand", "lag_24", "hour_of_day"] {
            assert!(
                half_a_year.contains(&name) && two_years.contains(&name),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_never_known_is_not_read() {
        assert!(!columns_read(YEAR).contains(&"temperature"));
    }
}
