//! How strongly forecasts are multiplied by the bias of the days before: an intercept correction
//! (Clements & Hendry, 1996).

/// Strengths tried, from no correction at all: beyond the last one, each forecast would mostly
/// repeat the last error.
const STRENGTHS: [f64; 9] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/// The strength `s` of least `Σ|bias_ratio^s · forecast − actual|`, over hours forecast without
/// correction; 0 when no ratio is known, or when correcting gains nothing.
pub(crate) fn correction_strength(bias_ratios: &[f32], forecasts: &[f32], actual: &[f32]) -> f64 {
    let error = |strength: f64| {
        let hours = bias_ratios.iter().zip(forecasts).zip(actual);
        let known = hours.filter(|((ratio, _), _)| !ratio.is_nan());
        let errors = known.map(|((ratio, forecast), actual)| {
            let corrected = f64::from(*ratio).powf(strength) * f64::from(*forecast);
            (corrected - f64::from(*actual)).abs()
        });
        errors.sum::<f64>()
    };

    // The first of equal errors is kept: the weakest correction.
    STRENGTHS
        .map(|strength| (strength, error(strength)))
        .into_iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0.0, |(strength, _)| strength)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_last_are_corrected_and_those_that_do_not_are_not() {
        for (hours, expected) in [
            (vec![(1.44, 120.0), (0.64, 80.0)], "0.5"),
            (vec![(2.0, 200.0)], "0.8"),
            (vec![(1.44, 100.0), (0.64, 101.0)], "0.0"),
            (vec![(1.44, 80.0), (0.64, 120.0)], "0.0"),
            (vec![(1.0, 120.0)], "0.0"),
            (vec![(f32::NAN, 150.0)], "0.0"),
            (vec![], "0.0"),
        ] {
            let (ratios, actual): (Vec<f32>, Vec<f32>) = hours.iter().copied().unzip();
            let forecasts = vec![100.0; hours.len()];

            let strength = correction_strength(&ratios, &forecasts, &actual);
            assert_eq!(format!("{strength:.1}"), expected, "{hours:?}");
        }
    }
}
