//! How far forecasts follow what those of the days before missed.

/// What is tried, from not at all: beyond, each forecast would mostly repeat the last miss.
const TRIED: [f64; 9] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/// The forecast of an hour made without its record, the record that was known a day before the
/// hour, and what was counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) record: f32,
    pub(crate) forecast: f32,
    pub(crate) truth: f32,
}

/// The power of the records that gives the least absolute error; 0 when none is known, or when
/// following gains nothing.
pub(crate) fn least_wrong(hours: &[Told]) -> f64 {
    let error = |followed: f64| {
        hours
            .iter()
            .filter_map(|hour| hour.error(followed))
            .sum::<f64>()
    };
    let tried = TRIED.map(|followed| (followed, error(followed)));
    // The first of equals is taken.
    tried
        .into_iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(0.0, |(followed, _)| followed)
}

impl Told {
    fn error(self, followed: f64) -> Option<f64> {
        let told = f64::from(self.record).powf(followed) * f64::from(self.forecast);
        (!self.record.is_nan()).then(|| (told - f64::from(self.truth)).abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misses_that_last_are_followed_and_those_that_do_not_are_not() {
        for (hours, expected) in [
            (vec![(1.44, 120.0), (0.64, 80.0)], "0.5"),
            (vec![(2.0, 200.0)], "0.8"),
            (vec![(1.44, 100.0), (0.64, 101.0)], "0.0"),
            (vec![(1.44, 80.0), (0.64, 120.0)], "0.0"),
            (vec![(1.0, 120.0)], "0.0"),
            (vec![(f32::NAN, 150.0)], "0.0"),
            (vec![], "0.0"),
        ] {
            let told: Vec<Told> = hours
                .iter()
                .map(|&(record, truth)| Told {
                    record,
                    forecast: 100.0,
                    truth,
                })
                .collect();

            assert_eq!(format!("{:.1}", least_wrong(&told)), expected, "{hours:?}");
        }
    }
}
