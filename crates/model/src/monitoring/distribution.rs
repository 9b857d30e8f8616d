//! Distances between two distributions, and the values that independent samples exceed by chance.

/// Shares are raised to this in the index: an empty bin would make it infinite.
const LOWEST_SHARE: f64 = 1e-4;

/// `Σ (l − r) ln(l / r)`: population stability index of `live` against `reference`, shares of the
/// same bins.
pub fn population_stability(reference: &[f64], live: &[f64]) -> f64 {
    let pairs = reference
        .iter()
        .zip(live)
        .map(|(r, l)| (r.max(LOWEST_SHARE), l.max(LOWEST_SHARE)));
    pairs.map(|(r, l)| (l - r) * (l / r).ln()).sum()
}

/// `(1/n + 1/m) χ²(B − 1)`: the index that two samples of `n` and `m` independent values of one
/// distribution exceed with probability `risk` (Yurdakul and Naranjo, 2020), with the quantile of χ²
/// of Wilson and Hilferty (1931). The textbook 0.1 is exceeded 99 times in 100 on 24 values.
pub fn psi_threshold(n: usize, m: usize, bins: usize, risk: f64) -> f64 {
    if n == 0 || m == 0 || bins < 2 {
        return f64::INFINITY;
    }

    let freedom = (bins - 1) as f64;
    // The cube root of χ² over its freedom is nearly normal, of mean 1 − v and variance v.
    let variance = 2.0 / (9.0 * freedom);
    let cube_root = 1.0 - variance + upper_normal(risk) * variance.sqrt();
    let quantile = freedom * cube_root.max(0.0).powi(3);
    (1.0 / n as f64 + 1.0 / m as f64) * quantile
}

/// `max |Σr − Σl|`: Kolmogorov–Smirnov distance, 0 to 1, the largest gap between the cumulated
/// shares of the same bins.
pub fn kolmogorov_smirnov(reference: &[f64], live: &[f64]) -> f64 {
    let (mut r, mut l) = (0.0_f64, 0.0_f64);
    let gaps = reference.iter().zip(live).map(|(reference, live)| {
        r += reference;
        l += live;
        (r - l).abs()
    });
    gaps.fold(0.0, f64::max)
}

/// `½ Σ r log₂(r / m) + ½ Σ l log₂(l / m)`, with `m = (r + l) / 2`: Jensen–Shannon divergence in
/// bits, 0 to 1.
pub fn jensen_shannon(reference: &[f64], live: &[f64]) -> f64 {
    let information = |p: f64, q: f64| if p > 0.0 { p * (p / q).log2() } else { 0.0 };
    let parts = reference.iter().zip(live).map(|(r, l)| {
        let middle = f64::midpoint(*r, *l);
        0.5 * (information(*r, middle) + information(*l, middle))
    });
    parts.sum()
}

/// `p₍ₖ₎ ≤ rate · k / n`, true up to the last such rank `k`: the null hypotheses that are rejected
/// when a share `rate` of false discoveries is accepted (Benjamini and Hochberg, 1995). Of fifty
/// features, some always look odd.
pub fn rejected(p_values: &[f64], rate: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));

    let count = p_values.len() as f64;
    let last = order
        .iter()
        .enumerate()
        .rposition(|(rank, index)| p_values[*index] <= rate * (rank + 1) as f64 / count);

    let mut rejected = vec![false; p_values.len()];
    for index in order.into_iter().take(last.map_or(0, |last| last + 1)) {
        rejected[index] = true;
    }
    rejected
}

/// `Φ⁻¹(1 − risk)`: quantile of the standard normal distribution (Abramowitz and Stegun, 26.2.23,
/// to 4.5e-4).
fn upper_normal(risk: f64) -> f64 {
    let risk = risk.clamp(1e-12, 1.0 - 1e-12);
    // The approximation holds for the upper tail; the lower one is its mirror.
    if risk > 0.5 {
        return -upper_normal(1.0 - risk);
    }

    let t = (-2.0 * risk.ln()).sqrt();
    let (above, below) = (
        2.515_517 + t * (0.802_853 + t * 0.010_328),
        1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)),
    );
    t - above / below
}
