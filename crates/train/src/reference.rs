use filrouge_model::{CORRECTION, FEATURE_COUNT, FEATURE_NAMES, FeatureReference};

use crate::examples::Examples;

/// Bins of a reference: deciles, as drift is usually measured.
const BINS: usize = 10;

/// How each feature is distributed over the examples; that of the record, which no example tells,
/// over the rehearsals.
pub(crate) fn of(examples: &Examples, records: &[f32]) -> Vec<FeatureReference> {
    let reference = |feature| match feature {
        CORRECTION => reference(feature, records.iter().copied()),
        _ => reference(
            feature,
            (0..examples.len()).map(|example| examples.features(example)[feature]),
        ),
    };
    (0..FEATURE_COUNT).map(reference).collect()
}

fn reference(feature: usize, all: impl ExactSizeIterator<Item = f32>) -> FeatureReference {
    let rows = all.len();
    let mut known: Vec<f32> = all.filter(|value| !value.is_nan()).collect();
    known.sort_by(f32::total_cmp);
    let mut edges: Vec<f32> = (1..BINS)
        .filter_map(|bin| known.get(bin * known.len() / BINS).copied())
        .collect();

    edges.dedup();
    edges.retain(|edge| Some(edge) != known.first());
    let below: Vec<usize> = edges
        .iter()
        .map(|edge| known.partition_point(|value| value < edge))
        .collect();
    let bounds = std::iter::once(0)
        .chain(below.iter().copied())
        .zip(below.iter().copied().chain([known.len()]));

    let share = |(from, to): (usize, usize)| (to - from) as f64 / known.len().max(1) as f64;

    FeatureReference {
        name: FEATURE_NAMES[feature].to_owned(),
        missing_share: 1.0 - known.len() as f64 / rows.max(1) as f64,
        shares: bounds.map(share).collect(),
        edges,
    }
}
