use std::ops::RangeInclusive;

use filrouge_dataset::Dataset;

use super::{Broken, name_row};

const FEWEST_ROWS: usize = 1000;
const MOST_DEPARTURES: u32 = 100_000;
const MOST_GAPS: f64 = 0.1;

pub(super) fn volume(dataset: &Dataset) -> Option<Broken> {
    (dataset.len() < FEWEST_ROWS).then(|| Broken {
        rows: dataset.len(),
        example: format!("{} rows", dataset.len()),
    })
}

pub(super) fn uniqueness(dataset: &Dataset) -> Option<Broken> {
    let table = &dataset.conditions;
    let same = |row: &usize| {
        table.station[*row] == table.station[*row - 1] && table.hour[*row] == table.hour[*row - 1]
    };
    broken_rows(dataset, (1..dataset.len()).filter(same))
}

pub(super) fn departures(dataset: &Dataset) -> Option<Broken> {
    broken_rows(
        dataset,
        (0..dataset.len()).filter(|row| dataset.departures[*row] >= MOST_DEPARTURES),
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
    let gaps = |rows: std::ops::Range<usize>| {
        let hours = &dataset.conditions.hour[rows];
        let span = hours
            .last()
            .zip(hours.first())
            .map_or(0, |(last, first)| *last - *first + 1);
        span as usize - hours.len()
    };

    let (mut missing, mut worst) = (0, None);

    for (station, rows) in dataset.conditions.by_station() {
        let (count, absent) = (rows.len(), gaps(rows));
        if absent as f64 > MOST_GAPS * (count + absent) as f64 {
            missing += absent;
            worst = worst.or(Some(format!(
                "station `{station}`, {absent} hours absent of {}",
                count + absent
            )));
        }
    }

    worst.map(|example| Broken {
        rows: missing,
        example,
    })
}

pub(super) fn variation(dataset: &Dataset) -> Option<Broken> {
    let first = *dataset.departures.first()?;
    let constant = dataset
        .departures
        .iter()
        .all(|departures| *departures == first);
    constant.then(|| Broken {
        rows: dataset.len(),
        example: format!("{first} departures at every hour"),
    })
}

fn outside(dataset: &Dataset, column: &[f32], bounds: RangeInclusive<f32>) -> Option<Broken> {
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
