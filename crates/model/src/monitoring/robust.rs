//! Statistics that a few odd days do not move.

/// Standard deviation of a normal distribution over its median absolute deviation, `1 / Φ⁻¹(3/4)`.
const MAD_TO_SIGMA: f64 = 1.4826;

/// `1.4826 · median |d|`: the standard deviation of these deviations, were they normal. Zero without
/// any.
pub fn mad_sigma(deviations: impl IntoIterator<Item = f64>) -> f64 {
    MAD_TO_SIGMA * median(deviations.into_iter().map(f64::abs))
}

/// The upper median. Zero without a value.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
