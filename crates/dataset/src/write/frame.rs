use std::ops::Range;

use filrouge_types::{CONTRACT_COLUMNS, Conditions, Hour, StationHour};
use polars::prelude::{
    Column, DataFrame, DataType, Float32Chunked, IntoColumn, NamedFrom, PolarsResult, Series,
    TimeUnit, TimeZone,
};
use polars_arrow::bitmap::Bitmap;

use super::Prediction;
use crate::ConditionTable;

// The unit of an instant that Spark, DuckDB and pandas all read.
const MICROSECONDS_AN_HOUR: i64 = 3_600_000_000;

/// A slice of a table as a frame, columns in the order of the contract.
pub(super) fn of_table(
    table: &ConditionTable,
    departures: Option<&[u32]>,
    rows: Range<usize>,
) -> PolarsResult<DataFrame> {
    let stations = table.station[rows.clone()]
        .iter()
        .map(|&index| table.stations[index as usize].as_str());
    let mut columns = vec![
        texts("station_id", stations),
        hours(table.hour[rows.clone()].iter())?,
    ];

    columns
        .extend(departures.map(|counts| whole("departures", counts[rows.clone()].iter().copied())));
    let float = |name: &str, column: &[f32]| known_floats(name, &column[rows.clone()]);

    columns.extend([
        float(CONTRACT_COLUMNS[3], &table.temperature_c),
        float(CONTRACT_COLUMNS[4], &table.apparent_temperature_c),
        float(CONTRACT_COLUMNS[5], &table.relative_humidity_pct),
        float(CONTRACT_COLUMNS[6], &table.wind_speed_kmh),
        float(CONTRACT_COLUMNS[7], &table.precipitation_mm),
        codes(
            CONTRACT_COLUMNS[8],
            table.weather_code[rows.clone()]
                .iter()
                .map(|code| code.map(i32::from)),
        ),
        flags(
            CONTRACT_COLUMNS[9],
            table.is_public_holiday[rows.clone()].iter().copied(),
        ),
        flags(
            CONTRACT_COLUMNS[10],
            table.is_school_holiday[rows.clone()].iter().copied(),
        ),
        codes(
            CONTRACT_COLUMNS[11],
            table.event_count[rows]
                .iter()
                .map(|count| count.map(i32::from)),
        ),
    ]);

    DataFrame::new_infer_height(columns)
}

/// Rows as a frame, columns in the order of the contract.
pub(super) fn of_rows(rows: &[StationHour]) -> PolarsResult<DataFrame> {
    let conditions = || rows.iter().map(|row| &row.conditions);
    let float =
        |name: &str, value: fn(&Conditions) -> Option<f32>| floats(name, conditions().map(value));

    DataFrame::new_infer_height(vec![
        texts(
            CONTRACT_COLUMNS[0],
            conditions().map(|row| row.station_id.as_str()),
        ),
        hours(conditions().map(|row| &row.hour))?,
        whole(CONTRACT_COLUMNS[2], rows.iter().map(|row| row.departures)),
        float(CONTRACT_COLUMNS[3], |row| row.weather.temperature_c),
        float(CONTRACT_COLUMNS[4], |row| {
            row.weather.apparent_temperature_c
        }),
        float(CONTRACT_COLUMNS[5], |row| row.weather.relative_humidity_pct),
        float(CONTRACT_COLUMNS[6], |row| row.weather.wind_speed_kmh),
        float(CONTRACT_COLUMNS[7], |row| row.weather.precipitation_mm),
        codes(
            CONTRACT_COLUMNS[8],
            conditions().map(|row| row.weather.weather_code.map(i32::from)),
        ),
        flags(
            CONTRACT_COLUMNS[9],
            conditions().map(|row| row.is_public_holiday),
        ),
        flags(
            CONTRACT_COLUMNS[10],
            conditions().map(|row| row.is_school_holiday),
        ),
        codes(
            CONTRACT_COLUMNS[11],
            conditions().map(|row| row.event_count.map(i32::from)),
        ),
    ])
}

/// Forecasts as a frame.
pub(super) fn of_predictions(rows: &[Prediction]) -> PolarsResult<DataFrame> {
    DataFrame::new_infer_height(vec![
        texts("station_id", rows.iter().map(|row| row.station_id.as_str())),
        hours(rows.iter().map(|row| &row.hour))?,
        floats("demand", rows.iter().map(|row| Some(row.demand))),
        floats("demand_p10", rows.iter().map(|row| Some(row.demand_p10))),
        floats("demand_p90", rows.iter().map(|row| Some(row.demand_p90))),
    ])
}

/// A missing value is not a number.
fn known_floats(name: &str, values: &[f32]) -> Column {
    let validity = Bitmap::from_iter(values.iter().map(|value| !value.is_nan()));
    Float32Chunked::from_vec_validity(name.into(), values.to_vec(), Some(validity)).into_column()
}

fn texts<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn hours<'a>(values: impl Iterator<Item = &'a Hour>) -> PolarsResult<Column> {
    let microseconds: Vec<i64> = values
        .map(|hour| hour.hours_since_epoch() * MICROSECONDS_AN_HOUR)
        .collect();
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    Ok(Series::new("hour".into(), microseconds)
        .cast(&utc)?
        .into_column())
}

/// 64 bits, as every engine reads them: Spark has no unsigned integers.
fn whole(name: &str, values: impl Iterator<Item = u32>) -> Column {
    Series::new(name.into(), values.map(i64::from).collect::<Vec<_>>()).into_column()
}

fn floats(name: &str, values: impl Iterator<Item = Option<f32>>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn codes(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}

fn flags(name: &str, values: impl Iterator<Item = Option<bool>>) -> Column {
    Series::new(name.into(), values.collect::<Vec<_>>()).into_column()
}
