//! How far two distributions are from each other, and when that is more than chance.

/// Shares are raised to this in the index: an empty bin would make it infinite.
const LOWEST_SHARE: f64 = 1e-4;

/// The population stability index of `live` against `reference`, shares of the same bins: `Σ (l −
/// r) ln(l / r)`.
pub fn population_stability(reference: &[f64], live: &[f64]) -> f64 {
    let pairs = reference
        .iter()
        .zip(live)
        .map(|(r, l)| (r.max(LOWEST_SHARE), l.max(LOWEST_SHARE)));
    pairs.map(|(r, l)| (l - r) * (l / r).ln()).sum()
}

/// The index that two samples of `n` and `m` independent values of one distribution exceed once in `1 /
/// risk`: `(1/n + 1/m) χ²(B − 1)` (Yurdakul and Naranjo, 2020), the quantile of χ² being that of
/// Wilson and Hilferty (1931). The textbook 0.1 is exceeded by chance 99 times in 100 on 24 values.
pub fn psi_threshold(n: usize, m: usize, bins: usize, risk: f64) -> f64 {
    if n == 0 || m == 0 || bins < 2 {
        return f64::INFINITY;
    }
    let freedom = (bins - 1) as f64;
    let part = 2.0 / (9.0 * freedom);
    let quantile = freedom
        * (1.0 - part + upper_normal(risk) * part.sqrt())
            .max(0.0)
            .powi(3);
    (1.0 / n as f64 + 1.0 / m as f64) * quantile
}

/// The Kolmogorov–Smirnov distance, 0 to 1: the largest gap between the cumulated shares of the
/// same bins.
pub fn kolmogorov_smirnov(reference: &[f64], live: &[f64]) -> f64 {
    let (mut r, mut l) = (0.0_f64, 0.0_f64);
    let gaps = reference.iter().zip(live).map(|(reference, live)| {
        r += reference;
        l += live;
        (r - l).abs()
    });
    gaps.fold(0.0, f64::max)
}

/// The Jensen–Shannon divergence in bits, 0 to 1, for categories.
pub fn jensen_shannon(reference: &[f64], live: &[f64]) -> f64 {
    let information = |p: f64, q: f64| if p > 0.0 { p * (p / q).log2() } else { 0.0 };
    let parts = reference.iter().zip(live).map(|(r, l)| {
        let middle = f64::midpoint(*r, *l);
        0.5 * (information(*r, middle) + information(*l, middle))
    });
    parts.sum()
}

/// Which of these p-values are not chance, when one wrong in `1 / rate` of those is accepted
/// (Benjamini and Hochberg, 1995): looking at fifty features, some always look odd.
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

/// The value that a standard normal distribution exceeds with probability `risk` (Abramowitz and Stegun,
/// 26.2.23).
fn upper_normal(risk: f64) -> f64 {
    let risk = risk.clamp(1e-12, 1.0 - 1e-12);
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
