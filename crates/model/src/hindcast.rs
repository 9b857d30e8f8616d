//! Forecasts of the past: those that a version would have made of hours that are counted by now.

use filrouge_types::{Hour, StationId};

use crate::bias_correction::{BiasCorrection, CORRECTION_HOURS, ForecastActual};
use crate::features::{FEATURE_COUNT, features};
use crate::history::{HORIZON_HOURS, History};
use crate::prediction::Prediction;
use crate::system_demand::Expected;

impl BiasCorrection {
    /// The correction that the forecasts of `predict` call for, as far as those of the hours from
    /// `from` to `to` (not included) read it. `expected` holds no correction.
    ///
    /// # Errors
    /// Those of `predict`.
    pub fn of_forecasts<E>(
        history: &History,
        expected: &Expected,
        (from, to): (Hour, Hour),
        mut predict: impl FnMut(&[f32]) -> Result<Vec<Prediction>, E>,
    ) -> Result<Self, E> {
        let (start, end) = history.system_span();
        // The first hour reads the week that ends a day before it.
        let first = (from - (HORIZON_HOURS + CORRECTION_HOURS - 1)).max(start);
        let last = (to - HORIZON_HOURS).min(end);

        let stations: Vec<_> = history.stations().collect();
        let mut forecasts = Vec::new();

        // One hour at a time, so that the inputs of a month are not in memory at once.
        for hour in (0..last - first).map(|index| first + index) {
            let (mut rows, inputs) = counted_rows(history, expected, &stations, hour);
            for (row, prediction) in rows.iter_mut().zip(predict(&inputs)?) {
                row.forecast = prediction.demand;
            }
            forecasts.append(&mut rows);
        }

        Ok(Self::of(history, &forecasts))
    }
}

/// The stations counted during `hour`, not forecast yet, and the model's input of each.
fn counted_rows<'a>(
    history: &History,
    expected: &Expected,
    stations: &[&'a StationId],
    hour: Hour,
) -> (Vec<ForecastActual<'a>>, Vec<f32>) {
    let mut rows = Vec::with_capacity(stations.len());
    let mut inputs = Vec::with_capacity(stations.len() * FEATURE_COUNT);

    for &station in stations {
        let actual = history.departures(station, hour);
        if actual.is_nan() {
            continue;
        }

        let conditions = history.conditions(station, hour);
        let row = features(history, expected, station, hour, &conditions);
        // Without a level the graph has nothing to multiply by.
        if !row.level.is_nan() {
            inputs.extend(row.to_array());
            rows.push(ForecastActual {
                station,
                hour,
                actual,
                forecast: f32::NAN,
            });
        }
    }

    (rows, inputs)
}
