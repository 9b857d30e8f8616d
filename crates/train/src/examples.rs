use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_model::{
    ConditionValues, Expected, FEATURE_COUNT, Features, History, HistoryError, HistoryRow, SCALE,
    features,
};
use filrouge_types::Hour;
use rayon::prelude::*;

/// Rows whose features one task computes: enough to be worth its start, few enough to share out.
const ROWS_A_TASK: usize = 4096;

/// Rows ready for the trees: features, count and hour of each, in parallel lists.
#[derive(Debug, Clone, Default)]
pub(crate) struct Examples {
    /// Position in the data set.
    pub(crate) row: Vec<usize>,
    pub(crate) hour: Vec<Hour>,
    /// Departures counted.
    pub(crate) actual: Vec<f32>,
    features: Vec<f32>,
}

impl Examples {
    /// Computes the features of the rows `rows` of `dataset`, in their order. Rows without any
    /// history before them are left out.
    pub(crate) fn of(
        dataset: &Dataset,
        history: &History,
        rows: &[usize],
        expected: &Expected,
    ) -> Self {
        let parts: Vec<Self> = rows
            .par_chunks(ROWS_A_TASK)
            .map(|rows| Self::of_part(dataset, history, rows, expected))
            .collect();

        let mut examples = Self::default();
        parts.into_iter().for_each(|part| examples.append(part));
        examples
    }

    fn append(&mut self, mut other: Self) {
        self.row.append(&mut other.row);
        self.hour.append(&mut other.hour);
        self.actual.append(&mut other.actual);
        self.features.append(&mut other.features);
    }

    fn of_part(dataset: &Dataset, history: &History, rows: &[usize], expected: &Expected) -> Self {
        let mut examples = Self::default();

        for &row in rows {
            let features = features_of(&dataset.conditions, row, history, expected);

            // Without a level there is no scale: the target would not be a number.
            if !features.level.is_nan() {
                examples.row.push(row);
                examples.hour.push(dataset.conditions.hour[row]);
                examples.actual.push(dataset.departures[row] as f32);
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

/// The counts and the conditions of these data sets.
///
/// # Errors
/// An hour decades away from the others of its station.
pub(crate) fn history_of(datasets: &[&Dataset]) -> Result<History, HistoryError> {
    let mut history = History::default();

    for dataset in datasets {
        let departures = dataset.departures.iter().enumerate();
        history
            .extend(departures.map(|(row, departures)| {
                history_row(&dataset.conditions, row, *departures as f32)
            }))?;
    }

    Ok(history)
}

/// Adds the conditions of `table`, without any count.
///
/// # Errors
/// As [`history_of`].
pub(crate) fn extend_with_conditions(
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
