use super::*;

#[test]
fn noise_has_mean_zero_and_deviation_one_and_no_jumps() {
    let values: Vec<f64> = (0..40_000)
        .map(|step| Seed(1).noise(Stream::Warmth, f64::from(step) / 10.0))
        .collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / values.len() as f64;

    assert!(mean.abs() < 0.1, "{mean}");
    assert!((0.85..1.15).contains(&variance), "{variance}");
    assert!(
        values
            .windows(2)
            .all(|pair| (pair[1] - pair[0]).abs() < 1.0)
    );
}

#[test]
fn streams_and_indices_are_independent() {
    let bits = [
        Seed(1).bits(Stream::Warmth, 0),
        Seed(1).bits(Stream::Warmth, 1),
        Seed(1).bits(Stream::Front, 0),
        Seed(2).bits(Stream::Warmth, 0),
    ];
    assert!(
        bits.iter()
            .enumerate()
            .all(|(at, one)| !bits[..at].contains(one))
    );
}
