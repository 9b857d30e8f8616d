//! The regression applied to a history, once for all the rows of features.

use chrono_tz::Tz;
use filrouge_types::Hour;

use super::design_row::DesignRow;
use super::poisson::SystemDemandModel;
use crate::bias_correction::BiasCorrection;
use crate::history::{ConditionValues, History, Series};

#[cfg(test)]
mod tests;

/// Expectations are multiples of this, a power of two: their sums are then exact, whatever was
/// added before.
const ROUNDING_STEP: f64 = 1.0 / 16_777_216.0;

/// Expected demand of the system, hour by hour. Only ratios of these numbers mean anything; without
/// a regression all of them are missing.
#[derive(Debug, Clone)]
pub struct Expected {
    model: Option<SystemDemandModel>,
    time_zone: Tz,
    hours: Series,
    /// The same where the system was counted, events included, and the counts there.
    where_counted: Series,
    counted: Series,
    correction: BiasCorrection,
}

impl Expected {
    /// Applies `model` to the hours of `history`, on the clocks of `time_zone`.
    pub fn of(history: &History, model: Option<&SystemDemandModel>, time_zone: Tz) -> Self {
        let span = history.system_span();
        Self::between(history, model, time_zone, span)
    }

    /// The same for the hours `from..to` only.
    pub fn between(
        history: &History,
        model: Option<&SystemDemandModel>,
        time_zone: Tz,
        (from, to): (Hour, Hour),
    ) -> Self {
        let mut expected = Self {
            model: model.cloned(),
            time_zone,
            hours: Series::default(),
            where_counted: Series::default(),
            counted: Series::default(),
            correction: BiasCorrection::default(),
        };

        if model.is_some() {
            expected.fill(history, from, to);
        }

        expected
    }

    /// Nothing is expected.
    pub fn nothing(time_zone: Tz) -> Self {
        Self::of(&History::default(), None, time_zone)
    }

    /// The same, with the bias correction of the version whose regression it is.
    #[must_use]
    pub fn with_correction(self, correction: BiasCorrection) -> Self {
        Self { correction, ..self }
    }

    fn fill(&mut self, history: &History, from: Hour, to: Hour) {
        let series = |value: &dyn Fn(Hour) -> f32| {
            let hours = (0..to - from).map(|index| from + index);
            Series::starting(from, hours.map(value).collect())
        };

        let hours = series(&|hour| self.at(hour, &history.shared_conditions(hour)));
        let counted = series(&|hour| history.system().at(hour));
        let where_counted = series(&|hour| {
            if counted.at(hour).is_nan() {
                f32::NAN
            } else {
                self.of_row(&DesignRow::of_system(history, hour, self.time_zone))
            }
        });

        (self.hours, self.counted, self.where_counted) = (hours, counted, where_counted);
    }

    /// Bias correction of the version; nothing unless it was given.
    pub(crate) fn correction(&self) -> &BiasCorrection {
        &self.correction
    }

    /// The zone of the city's clocks.
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// Expected demand of `hour` under these conditions.
    pub(crate) fn at(&self, hour: Hour, conditions: &ConditionValues) -> f32 {
        self.of_row(&DesignRow::of(conditions, hour, self.time_zone))
    }

    fn of_row(&self, row: &DesignRow) -> f32 {
        let rounded = |model: &SystemDemandModel| {
            let steps = (model.expected(row) / ROUNDING_STEP).round();
            // One step at least: counts are divided by it.
            (steps.max(1.0) * ROUNDING_STEP) as f32
        };
        self.model.as_ref().map_or(f32::NAN, rounded)
    }

    /// Expected demand of `hour` of the history.
    pub(crate) fn past(&self, hour: Hour) -> f32 {
        self.hours.at(hour)
    }

    /// `Σy / Σe` during the `hours` hours that end with `last`; missing when less than half of them
    /// were counted.
    pub(crate) fn ratio(&self, last: Hour, hours: i64) -> f32 {
        let (expected, known) = self.where_counted.window(last, hours);
        let (counted, _) = self.counted.window(last, hours);

        // A ratio over a few hours of a day would be that of its rush or of its night.
        if 2 * i64::from(known) >= hours && expected > 0.0 {
            (counted / expected) as f32
        } else {
            f32::NAN
        }
    }
}
