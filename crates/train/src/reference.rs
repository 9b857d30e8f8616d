use filrouge_model::{CORRECTION, FEATURE_COUNT, FEATURE_NAMES, FeatureReference};

use crate::examples::Examples;

/// Bins of a distribution: deciles, as the population stability index usually takes.
const BINS: usize = 10;

/// Distribution of each feature over the examples; that of the bias ratio, which no example knows,
/// over the backtest.
pub(crate) fn of(examples: &Examples, bias_ratios: &[f32]) -> Vec<FeatureReference> {
    let of_feature = |feature| {
        let values = (0..examples.len()).map(|example| examples.features(example)[feature]);

        match feature {
            CORRECTION => reference(feature, bias_ratios.iter().copied()),
            _ => reference(feature, values),
        }
    };

    (0..FEATURE_COUNT).map(of_feature).collect()
}

fn reference(feature: usize, values: impl ExactSizeIterator<Item = f32>) -> FeatureReference {
    let rows = values.len();
    let mut known: Vec<f32> = values.filter(|value| !value.is_nan()).collect();
    known.sort_by(f32::total_cmp);

    let edges = deciles(&known);
    let below = |edge: &f32| known.partition_point(|value| value < edge);
    let inner: Vec<usize> = edges.iter().map(below).collect();

    let bounds = [&[0], inner.as_slice(), &[known.len()]].concat();
    let share = |pair: &[usize]| (pair[1] - pair[0]) as f64 / known.len().max(1) as f64;

    FeatureReference {
        name: FEATURE_NAMES[feature].to_owned(),
        missing_share: 1.0 - known.len() as f64 / rows.max(1) as f64,
        shares: bounds.windows(2).map(share).collect(),
        edges,
    }
}

/// Inner edges of the bins of `sorted` values; fewer when a value is frequent.
fn deciles(sorted: &[f32]) -> Vec<f32> {
    let mut edges: Vec<f32> = (1..BINS)
        .filter_map(|bin| sorted.get(bin * sorted.len() / BINS).copied())
        .collect();

    // A value that fills several deciles gives one edge: a bin cannot be empty by construction.
    edges.dedup();
    // Nothing lies below the smallest value: its bin would always be empty.
    edges.retain(|edge| Some(edge) != sorted.first());
    edges
}
