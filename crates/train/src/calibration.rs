use filrouge_model::{CORRECTION, Prediction, SCALE};

/// From the answer of the trees to demand and its 80 % interval.
///
/// ```text
/// scale  = usual_demand · counted_over_forecast ^ correction_strength
/// x      = max(trees, 0) · √scale
/// demand = max(x² + correction(x), 0)
/// p10    = min(max(x − lower(x), 0)², demand)
/// p90    = max((x + upper(x))², demand)
/// ```
///
/// `x` forecasts √demand: the square root makes the variance of a count nearly constant (Anscombe,
/// 1948), so that one margin serves like forecasts. The square of a mean root is below the mean:
/// the correction gives the difference back. The three curves are straight between the knots and
/// flat outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Calibration {
    pub(crate) scale: Scale,
    /// Forecasts of √demand, increasing; at least two.
    pub(crate) knots: Vec<f64>,
    /// At each knot: correction (departures), lower and upper margins (√departures).
    pub(crate) values: Vec<[f64; 3]>,
}

/// The demand that the trees' answer is relative to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Scale {
    /// The usual demand of a row that has none, departures an hour.
    pub(crate) default: f64,
    /// Power of the bias ratio: 0 corrects nothing, 1 corrects the whole bias.
    pub(crate) correction_strength: f64,
}

impl Scale {
    /// The scale of the features `row`, departures an hour.
    pub(crate) fn of(self, row: &[f32]) -> f64 {
        self.from(row[SCALE], row[CORRECTION])
    }

    /// The scale of a usual demand and a bias ratio, either of which may be missing.
    pub(crate) fn from(self, usual_demand: f32, bias_ratio: f32) -> f64 {
        let or = |value: f32, default| {
            if value.is_nan() {
                default
            } else {
                f64::from(value)
            }
        };

        or(usual_demand, self.default) * or(bias_ratio, 1.0).powf(self.correction_strength)
    }
}

impl Calibration {
    /// Demand and interval for the trees' answer `relative_root` and the row's `scale`.
    pub(crate) fn predict(&self, relative_root: f64, scale: f64) -> Prediction {
        // In 64 bits, as the graph does: margins near the root would lose their digits in 32.
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

    /// Tells whether the interval around the forecast `root` holds `actual` departures.
    pub(crate) fn covers(&self, root: f64, actual: f64) -> bool {
        let [_, lower, upper] = self.curves(root);
        let actual_root = actual.sqrt();

        (root - lower).max(0.0) <= actual_root && actual_root <= root + upper
    }

    /// Distance from each knot to the next one.
    pub(crate) fn widths(&self) -> Vec<f64> {
        let pairs = self.knots.windows(2);
        pairs.map(|pair| pair[1] - pair[0]).collect()
    }

    /// Slope of each curve between each knot and the next one.
    pub(crate) fn slopes(&self) -> Vec<[f64; 3]> {
        let pairs = self.values.windows(2);
        let rises = pairs.map(|pair| [0, 1, 2].map(|curve| pair[1][curve] - pair[0][curve]));

        rises
            .zip(self.widths())
            .map(|(rise, width)| rise.map(|rise| rise / width))
            .collect()
    }

    /// `value₀ + Σ slope · clamp(x − knot, 0, width)`: linear interpolation, as a graph of plain
    /// operators can compute it.
    fn curves(&self, root: f64) -> [f64; 3] {
        let mut curves = self.values[0];

        for ((knot, width), slopes) in self.knots.iter().zip(self.widths()).zip(self.slopes()) {
            let ramp = (root - knot).clamp(0.0, width);
            for (curve, slope) in curves.iter_mut().zip(slopes) {
                *curve += ramp * slope;
            }
        }

        curves
    }
}

#[cfg(test)]
mod tests;
