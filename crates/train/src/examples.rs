use std::panic::resume_unwind;

use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::{
    ConditionValues, Expected, FEATURE_COUNT, Features, History, HistoryError, HistoryRow, SCALE,
    features,
};
use filrouge_types::Hour;

/// Rows ready for the trees: features row by row, the truth and the hour of each, all of the same
/// length.
#[derive(Debug, Clone, Default)]
pub(crate) struct Examples {
    /// Position in the data set.
    pub(crate) row: Vec<usize>,
    pub(crate) hour: Vec<Hour>,
    pub(crate) truth: Vec<f32>,
    features: Vec<f32>,
}

impl Examples {
    /// Computes the features of the rows `rows` of `dataset`. Rows without any history before them
    /// are left out.
    pub(crate) fn of(
        dataset: &Dataset,
        history: &History,
        rows: &[usize],
        expected: &Expected,
    ) -> Self {
        let share = rows
            .len()
            .div_ceil(std::thread::available_parallelism().map_or(1, usize::from))
            .max(1);

        let parts: Vec<Self> = std::thread::scope(|scope| {
            let part = |rows| scope.spawn(move || Self::in_order(dataset, history, rows, expected));
            let started: Vec<_> = rows.chunks(share).map(part).collect();
            started
                .into_iter()
                .map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        });

        let mut examples = Self::default();
        parts.into_iter().for_each(|part| examples.append(part));
        examples
    }

    fn append(&mut self, mut other: Self) {
        self.row.append(&mut other.row);
        self.hour.append(&mut other.hour);
        self.truth.append(&mut other.truth);
        self.features.append(&mut other.features);
    }

    fn in_order(dataset: &Dataset, history: &History, rows: &[usize], expected: &Expected) -> Self {
        let mut examples = Self::default();
        for &row in rows {
            let features = features_of(&dataset.conditions, row, history, expected);
            if !features.level.is_nan() {
                examples.row.push(row);
                examples.hour.push(dataset.conditions.hour[row]);
                examples.truth.push(dataset.departures[row] as f32);
                examples.features.extend(features.to_array());
            }
        }
        examples
    }

    pub(crate) fn len(&self) -> usize {
        self.row.len()
    }

    /// The features of example `index`.
    pub(crate) fn features(&self, index: usize) -> &[f32] {
        &self.features[index * FEATURE_COUNT..(index + 1) * FEATURE_COUNT]
    }

    /// The scale of example `index`, departures an hour.
    pub(crate) fn scale(&self, index: usize) -> f32 {
        self.features(index)[SCALE]
    }
}

/// The features of one row of a table.
pub(crate) fn features_of(
    table: &ConditionTable,
    row: usize,
    history: &History,
    expected: &Expected,
) -> Features {
    let station = &table.stations[table.station[row] as usize];
    features(
        history,
        expected,
        station,
        table.hour[row],
        &known_of(table, row),
    )
}

/// Everything that `dataset` knows, as a history.
///
/// # Errors
/// An hour decades away from the others of its station.
pub(crate) fn remember(history: &mut History, dataset: &Dataset) -> Result<(), HistoryError> {
    history.extend(
        (0..dataset.len())
            .map(|row| history_row(&dataset.conditions, row, dataset.departures[row] as f32)),
    )
}

/// The conditions of `table`, without any demand, as a history.
///
/// # Errors
/// As [`remember`].
pub(crate) fn remember_conditions(
    history: &mut History,
    table: &ConditionTable,
) -> Result<(), HistoryError> {
    history.extend((0..table.len()).map(|row| history_row(table, row, f32::NAN)))
}

/// The conditions of one row of a table.
pub(crate) fn known_of(table: &ConditionTable, row: usize) -> ConditionValues {
    let flag = |value: Option<bool>| value.map_or(f32::NAN, |flag| f32::from(u8::from(flag)));
    ConditionValues {
        temperature_c: table.temperature_c[row],
        apparent_temperature_c: table.apparent_temperature_c[row],
        relative_humidity_pct: table.relative_humidity_pct[row],
        wind_speed_kmh: table.wind_speed_kmh[row],
        precipitation_mm: table.precipitation_mm[row],
        weather_code: table.weather_code[row].map_or(f32::NAN, f32::from),
        is_public_holiday: flag(table.is_public_holiday[row]),
        is_school_holiday: flag(table.is_school_holiday[row]),
        event_count: table.event_count[row].map_or(f32::NAN, f32::from),
    }
}

fn history_row(table: &ConditionTable, row: usize, departures: f32) -> HistoryRow<'_> {
    HistoryRow {
        station_id: &table.stations[table.station[row] as usize],
        hour: table.hour[row],
        departures,
        conditions: known_of(table, row),
    }
}
