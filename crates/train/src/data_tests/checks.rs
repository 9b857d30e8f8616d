use std::ops::RangeInclusive;

use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_types::Hour;

const MIN_ROWS: usize = 1000;
const TOO_MANY_DEPARTURES: u32 = 100_000;

/// Share of the hours of a station that may be missing.
const MAX_GAPS: f64 = 0.1;

/// A broken test: number of rows, and the first of them or the figure that was measured.
pub(super) struct Broken {
    pub(super) rows: usize,
    pub(super) example: String,
}

pub(super) fn volume(dataset: &Dataset) -> Option<Broken> {
    (dataset.len() < MIN_ROWS).then(|| Broken {
        rows: dataset.len(),
        example: format!("{} rows", dataset.len()),
    })
}

pub(super) fn uniqueness(dataset: &Dataset) -> Option<Broken> {
    let table = &dataset.conditions;
    // Rows are sorted by station, then by hour: a double is next to its twin.
    let same = |row: &usize| {
        table.station[*row] == table.station[*row - 1] && table.hour[*row] == table.hour[*row - 1]
    };

    broken_rows(dataset, (1..dataset.len()).filter(same))
}

pub(super) fn departures(dataset: &Dataset) -> Option<Broken> {
    broken_rows(
        dataset,
        (0..dataset.len()).filter(|row| dataset.departures[*row] >= TOO_MANY_DEPARTURES),
    )
}

pub(super) fn temperature(dataset: &Dataset) -> Option<Broken> {
    outside(dataset, &dataset.conditions.temperature_c, -60.0..=60.0)
}

pub(super) fn humidity(dataset: &Dataset) -> Option<Broken> {
    outside(
        dataset,
        &dataset.conditions.relative_humidity_pct,
        0.0..=100.0,
    )
}

pub(super) fn wind(dataset: &Dataset) -> Option<Broken> {
    outside(dataset, &dataset.conditions.wind_speed_kmh, 0.0..=300.0)
}

pub(super) fn precipitation(dataset: &Dataset) -> Option<Broken> {
    outside(dataset, &dataset.conditions.precipitation_mm, 0.0..=300.0)
}

pub(super) fn continuity(dataset: &Dataset) -> Option<Broken> {
    let (mut missing, mut first) = (0, None);

    for (station, rows) in dataset.conditions.by_station() {
        let (count, absent) = (rows.len(), absent_hours(&dataset.conditions.hour[rows]));
        let expected = count + absent;

        if absent as f64 > MAX_GAPS * expected as f64 {
            missing += absent;
            first.get_or_insert_with(|| {
                format!("station `{station}`, {absent} hours absent of {expected}")
            });
        }
    }

    first.map(|example| Broken {
        rows: missing,
        example,
    })
}

/// Hours between the first and the last of a station that have no row.
fn absent_hours(hours: &[Hour]) -> usize {
    let bounds = hours.last().zip(hours.first());
    let span = bounds.map_or(0, |(last, first)| *last - *first + 1);

    span as usize - hours.len()
}

pub(super) fn variation(dataset: &Dataset) -> Option<Broken> {
    let first = *dataset.departures.first()?;
    let is_constant = dataset.departures.iter().all(|count| *count == first);

    is_constant.then(|| Broken {
        rows: dataset.len(),
        example: format!("{first} departures at every hour"),
    })
}

fn outside(dataset: &Dataset, column: &[f32], bounds: RangeInclusive<f32>) -> Option<Broken> {
    // A missing value is no wrong value: trees have a branch for it.
    let wrong = |row: &usize| !column[*row].is_nan() && !bounds.contains(&column[*row]);

    broken_rows(dataset, (0..column.len()).filter(wrong))
}

fn broken_rows(dataset: &Dataset, mut rows: impl Iterator<Item = usize>) -> Option<Broken> {
    let first = rows.next()?;

    Some(Broken {
        rows: 1 + rows.count(),
        example: name_row(&dataset.conditions, first),
    })
}

/// The station and the hour of row `row`, for a reader to find it again.
fn name_row(table: &ConditionTable, row: usize) -> String {
    format!(
        "station `{}` at {}",
        table.stations[table.station[row] as usize], table.hour[row]
    )
}
