use filrouge_model::{CORRECTION, Prediction, SCALE};

mod calibrate;
#[cfg(test)]
mod tests;

pub(crate) use calibrate::Rehearsed;

/// What follows the trees: from their answer and the scale to demand and its interval.
///
/// `scale = usual_demand · counted_over_forecast ^ followed`. With `x = max(trees, 0) · √scale`,
/// the forecast of the root of demand: `demand = x² + correction(x)`, `p10 = max(x − lower(x),
/// 0)²`, `p90 = (x + upper(x))²`. The root steadies the spread of counts; the correction gives back
/// the mean that squaring a root loses. The three curves are straight between the knots and flat
/// outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub(crate) scale: Scale,
    pub(crate) knots: Vec<f64>,
    /// At each knot: correction (departures), lower and upper margins (roots of departures).
    pub(crate) values: Vec<[f64; 3]>,
}

/// What the trees' answer is relative to: the usual demand, and what forecasts missed lately.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Scale {
    /// The usual demand of a row that has none, departures an hour.
    pub(crate) default: f64,
    /// How far what forecasts missed lately is followed, 0 (not at all) to 1.
    pub(crate) correction_strength: f64,
}

impl Scale {
    /// The scale of the features `row`, departures an hour.
    pub(crate) fn of(self, row: &[f32]) -> f64 {
        self.from(row[SCALE], row[CORRECTION])
    }

    /// The scale of a usual demand and a record, either of which may be missing.
    pub(crate) fn from(self, usual: f32, record: f32) -> f64 {
        let or = |value: f32, default| {
            if value.is_nan() {
                default
            } else {
                f64::from(value)
            }
        };
        or(usual, self.default) * or(record, 1.0).powf(self.correction_strength)
    }
}

impl Head {
    /// Demand and interval for the trees' answer `relative_root` and the row's `scale`, in 64 bits,
    /// as the graph does: margins near the root would lose their digits in 32.
    pub(crate) fn predict(&self, relative_root: f64, scale: f64) -> Prediction {
        let root = relative_root.max(0.0) * scale.sqrt();
        let [correction, lower, upper] = self.curves(root);
        let demand = (root * root + correction).max(0.0);
        let low = (root - lower).max(0.0).powi(2);
        let high = (root + upper).powi(2);
        Prediction {
            demand: demand as f32,
            demand_p10: low.min(demand) as f32,
            demand_p90: high.max(demand) as f32,
        }
    }

    /// Distance from each knot to the next one.
    pub(crate) fn widths(&self) -> Vec<f64> {
        self.knots
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect()
    }

    /// Slope of each curve between each knot and the next one.
    pub(crate) fn slopes(&self) -> Vec<[f64; 3]> {
        let rises = self
            .values
            .windows(2)
            .map(|pair| [0, 1, 2].map(|curve| pair[1][curve] - pair[0][curve]));
        rises
            .zip(self.widths())
            .map(|(rise, width)| rise.map(|rise| rise / width))
            .collect()
    }

    fn curves(&self, root: f64) -> [f64; 3] {
        let mut sums = self.values[0];
        let widths = self.widths();
        for ((knot, width), slopes) in self.knots.iter().zip(widths).zip(self.slopes()) {
            let ramp = (root - knot).clamp(0.0, width);
            for (sum, slope) in sums.iter_mut().zip(slopes) {
                *sum += ramp * slope;
            }
        }
        sums
    }
}
