use anyhow::{Result, ensure};
use filrouge_types::Hour;

/// Number of forecast origins.
const FOLDS: i64 = 4;

/// The longest stretch forecast from one origin, hours: four weeks.
const MAX_FOLD_HOURS: i64 = 28 * 24;

/// The shortest history that can be learnt from, hours: two weeks, then a day to forecast.
const MIN_HISTORY_HOURS: i64 = 15 * 24;

/// One fold holds out an eighth of the history at most, so that the first origin still has half of
/// it behind.
const HISTORY_OVER_FOLD: i64 = 8;

/// Hours held out together: forecast by models that know nothing from `start` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fold {
    /// First hour held out.
    pub(crate) start: Hour,
    /// First hour after them.
    pub(crate) end: Hour,
}

impl Fold {
    pub(crate) fn contains(&self, hour: Hour) -> bool {
        self.start <= hour && hour < self.end
    }
}

/// Cuts the last hours of a history that spans `first..=last` into consecutive folds, for a rolling
/// forecasting origin (Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, §5.10).
///
/// # Errors
/// A history shorter than fifteen days.
pub(crate) fn rolling_folds(first: Hour, last: Hour) -> Result<Vec<Fold>> {
    let span = last - first + 1;

    ensure!(
        span >= MIN_HISTORY_HOURS,
        "the data set spans {span} hours ({first} to {last}): {MIN_HISTORY_HOURS} at least are needed to train"
    );

    let length = (span / HISTORY_OVER_FOLD).min(MAX_FOLD_HOURS);
    let fold = |number| {
        let end = last + 1 - (FOLDS - 1 - number) * length;
        Fold {
            start: end - length,
            end,
        }
    };

    Ok((0..FOLDS).map(fold).collect())
}

#[cfg(test)]
mod tests;
