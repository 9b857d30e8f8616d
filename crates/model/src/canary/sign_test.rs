/// `P(X ≥ successes)` for `X ~ B(trials, ½)`: the one-sided sign test (Dixon and Mood, 1946).
///
/// No trial proves nothing: the answer is 1.
pub(super) fn upper_tail(successes: u64, trials: u64) -> f64 {
    let mut tail = 0.0;
    // ln C(n, k) − n ln 2, from k = n down: small terms first.
    let mut log_term = -(trials as f64) * std::f64::consts::LN_2;

    for k in (successes..=trials).rev() {
        tail += log_term.exp();
        // C(n, k − 1) = C(n, k) k / (n − k + 1).
        log_term += (k as f64).ln() - ((trials - k + 1) as f64).ln();
    }
    tail.min(1.0)
}
