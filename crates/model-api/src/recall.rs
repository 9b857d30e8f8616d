//! Predictions that need not be made twice.

use std::sync::OnceLock;

use filrouge_model::Prediction;
use filrouge_types::Hour;

use crate::knowledge::Window;

/// The predictions already made by one version from one state of what is known: of each station at
/// each hour that can be predicted, once it was asked. Whatever is put in service, another version
/// or newer data, comes with an empty one.
///
/// Sixteen bytes a station-hour: 140 kB for the simulated city, 20 MB for five thousand stations.
#[derive(Debug)]
pub(crate) struct Recall {
    first: Hour,
    hours: usize,
    cells: Box<[OnceLock<Prediction>]>,
}

impl Recall {
    /// Nothing is recalled yet.
    pub(crate) fn new(stations: usize, window: Window) -> Self {
        let hours = usize::try_from(window.last - window.first + 1).unwrap_or(0);
        let cells = std::iter::repeat_with(OnceLock::new)
            .take(stations * hours)
            .collect();
        Self {
            first: window.first,
            hours,
            cells,
        }
    }

    /// What was predicted of an hour of the station that has this position.
    pub(crate) fn find(&self, station: usize, hour: Hour) -> Option<Prediction> {
        self.cell(station, hour)?.get().copied()
    }

    /// Keeps a prediction; the first one stays.
    pub(crate) fn keep(&self, station: usize, hour: Hour, prediction: Prediction) {
        if let Some(cell) = self.cell(station, hour) {
            let _ = cell.set(prediction);
        }
    }

    fn cell(&self, station: usize, hour: Hour) -> Option<&OnceLock<Prediction>> {
        let offset = usize::try_from(hour - self.first)
            .ok()
            .filter(|offset| *offset < self.hours)?;
        self.cells.get(station * self.hours + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_station_hour_recalls_its_own_first_prediction_and_nothing_outside_the_window() {
        let hour = Hour::from_hours_since_epoch;
        let recall = Recall::new(
            2,
            Window {
                first: hour(100),
                last: hour(102),
            },
        );

        let prediction = |demand| Prediction {
            demand,
            demand_p10: 0.0,
            demand_p90: 9.0,
        };

        for (station, at, demand) in [
            (0, 102, 1.0),
            (1, 100, 2.0),
            (1, 100, 3.0),
            (1, 103, 4.0),
            (0, 99, 5.0),
        ] {
            recall.keep(station, hour(at), prediction(demand));
        }

        let found = |station, at| {
            recall
                .find(station, hour(at))
                .map(|prediction| prediction.demand)
        };
        assert_eq!((found(0, 102), found(1, 100)), (Some(1.0), Some(2.0)));

        for (station, at) in [(0, 100), (1, 102), (1, 103), (0, 99), (2, 100)] {
            assert_eq!(found(station, at), None, "{station} {at}");
        }
    }
}
