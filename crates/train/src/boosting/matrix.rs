use filrouge_model::{FEATURE_COUNT, FEATURE_NAMES};
use forust_ml::Matrix;

use crate::examples::Examples;

/// Features that tell the date: the season, and how much is counted these days, all stations
/// together or one by one. Before a year has been seen, each of these numbers belongs to one week
/// or two, and trees that read them overfit those weeks (decision 0081).
const DATE_FEATURES: [&str; 11] = [
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

/// Examples as the booster reads them: 64-bit columns, one after the other.
pub(super) struct DesignMatrix {
    rows: usize,
    columns: usize,
    data: Vec<f64>,
    /// `√(demand / scale)`.
    pub(super) target: Vec<f64>,
    /// The row's scale, 1 on average.
    pub(super) weight: Vec<f64>,
}

impl DesignMatrix {
    pub(super) fn of(examples: &Examples, columns: &[usize]) -> Self {
        let rows = examples.len();
        let scale = |row: usize| f64::from(examples.scale(row));
        let mean_scale = (0..rows).map(scale).sum::<f64>() / rows.max(1) as f64;
        let target = |row: usize| (f64::from(examples.actual[row]) / scale(row)).sqrt();

        Self {
            rows,
            columns: columns.len(),
            data: column_major(rows, columns, |row| examples.features(row)),
            target: (0..rows).map(target).collect(),
            weight: (0..rows).map(|row| scale(row) / mean_scale).collect(),
        }
    }

    /// Rows of features alone, to predict.
    pub(super) fn of_features(features: &[f32], columns: &[usize]) -> Self {
        let rows = features.len() / FEATURE_COUNT;
        let row = |row: usize| &features[row * FEATURE_COUNT..(row + 1) * FEATURE_COUNT];

        Self {
            rows,
            columns: columns.len(),
            data: column_major(rows, columns, row),
            target: Vec::new(),
            weight: Vec::new(),
        }
    }

    pub(super) fn view(&self) -> Matrix<'_, f64> {
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

/// Positions of the features that trees read: those with a value, since a column without any has no
/// bins, and before a year has been seen those that do not tell the date.
pub(super) fn columns_to_read(examples: &Examples, is_a_year: bool) -> Vec<usize> {
    let has_value =
        |column: &usize| (0..examples.len()).any(|row| !examples.features(row)[*column].is_nan());
    let is_allowed = |column: &usize| is_a_year || !DATE_FEATURES.contains(&FEATURE_NAMES[*column]);

    (0..FEATURE_COUNT)
        .filter(has_value)
        .filter(is_allowed)
        .collect()
}
