//! Predictions that need not be computed twice.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use filrouge_model::Prediction;
use filrouge_types::Hour;

/// The predictions already computed by one version from one reading of the data: of each station at
/// each hour that can be predicted, once it was asked. It is never invalidated: another version or
/// newer data come with an empty one.
///
/// Sixteen bytes a station-hour: 140 kB for the simulated city, 20 MB for five thousand stations.
#[derive(Debug)]
pub(crate) struct PredictionCache {
    first: Hour,
    hours: usize,
    cells: Box<[OnceLock<Prediction>]>,
}

impl PredictionCache {
    /// An empty cache.
    pub(crate) fn new(stations: usize, predictable: &RangeInclusive<Hour>) -> Self {
        let (first, last) = (*predictable.start(), *predictable.end());
        let hours = usize::try_from(last - first + 1).unwrap_or(0);

        Self {
            first,
            hours,
            cells: std::iter::repeat_with(OnceLock::new)
                .take(stations * hours)
                .collect(),
        }
    }

    /// The cached prediction of an hour of the station that has this position.
    pub(crate) fn get(&self, station: usize, hour: Hour) -> Option<Prediction> {
        self.cell(station, hour)?.get().copied()
    }

    /// Caches a prediction; the first one stays.
    pub(crate) fn insert(&self, station: usize, hour: Hour, prediction: Prediction) {
        if let Some(cell) = self.cell(station, hour) {
            // Another request may have computed the same one meanwhile.
            let _ = cell.set(prediction);
        }
    }

    fn cell(&self, station: usize, hour: Hour) -> Option<&OnceLock<Prediction>> {
        let offset = usize::try_from(hour - self.first)
            .ok()
            .filter(|offset| *offset < self.hours)?;
        // One row a station, one cell an hour.
        self.cells.get(station * self.hours + offset)
    }
}

#[cfg(test)]
mod tests;
