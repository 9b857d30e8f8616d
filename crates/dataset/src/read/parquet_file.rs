use std::fs;
use std::io::Cursor;
use std::path::Path;

use filrouge_types::CONTRACT_COLUMNS;
use polars::prelude::{
    ArrowDataType, ArrowField, Column, DataFrame, DataType, Float64Type, ParquetReader,
    PolarsResult, SerReader, TimeUnit, polars_err,
};

use super::cell::Cell;
use super::fields::{Field, FieldReader};
use crate::guard::guarded;
use crate::parquet_pages::check_parquet;
use crate::{DatasetError, FilePosition};

/// Rows decoded at a time, so that a large file is never in memory twice.
const SLICE: usize = 1 << 20;

/// Reads a Parquet file, slice by slice.
///
/// Its bytes are read into memory first: given a file, the engine maps it, and a map of a file that
/// somebody cuts meanwhile ends the process.
pub(super) fn read(path: &Path, fields: &mut FieldReader) -> Result<(), DatasetError> {
    check_parquet(path).map_err(|reason| fields.unreadable(&reason))?;
    let bytes = fs::read(path).map_err(|error| fields.unreadable(&error))?;
    let (names, rows) =
        decoded(|| describe(&bytes)).map_err(|reason| fields.unreadable(&reason))?;
    let places = fields.locate(&names)?;
    let present = CONTRACT_COLUMNS
        .iter()
        .zip(places)
        .filter(|(_, place)| place.is_some());
    let wanted: Vec<String> = present.map(|(&name, _)| name.to_owned()).collect();

    for start in (0..rows).step_by(SLICE) {
        let frame = decoded(|| read_slice(&bytes, &wanted, start))
            .map_err(|reason| fields.unreadable(&reason))?;
        for (field, place) in places.iter().enumerate() {
            match (place, frame.column(CONTRACT_COLUMNS[field])) {
                (Some(_), Ok(column)) => push_column(fields, field, column, start)?,
                _ => fields.push_absent(field, frame.height()),
            }
        }
    }

    Ok(())
}

fn decoded<T>(work: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    guarded(work)?.map_err(|error| error.to_string())
}

/// The names of the columns, and the number of rows.
fn describe(bytes: &[u8]) -> PolarsResult<(Vec<String>, usize)> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let schema = reader.schema()?;
    schema
        .iter_values()
        .filter(|field| CONTRACT_COLUMNS.contains(&field.name.as_str()))
        .try_for_each(require_decodable)?;
    Ok((
        schema.iter_names().map(ToString::to_string).collect(),
        reader.num_rows()?,
    ))
}

/// Half floats are not compiled in: they would cost the build of all of Polars for a column that
/// any tool writes as 32 bits.
fn require_decodable(field: &ArrowField) -> PolarsResult<()> {
    match field.dtype() {
        ArrowDataType::Float16 => Err(polars_err!(
            ComputeError: "column `{}` has the type {:?}: write it in 32 bits", field.name, field.dtype()
        )),
        _ => Ok(()),
    }
}

fn read_slice(bytes: &[u8], wanted: &[String], start: usize) -> PolarsResult<DataFrame> {
    ParquetReader::new(Cursor::new(bytes))
        .with_columns(Some(wanted.to_vec()))
        .with_slice(Some((start, SLICE)))
        .finish()
}

fn push_column(
    fields: &mut FieldReader,
    field: Field,
    column: &Column,
    start: usize,
) -> Result<(), DatasetError> {
    let mut outcome = Ok(());
    let mut row = start as u64;

    let decoded = each_cell(column, |cell| {
        row += 1;
        outcome = fields.push(field, cell, FilePosition::Row(row));
        outcome.is_ok()
    });

    decoded.map_err(|error| fields.unreadable(&error))?;
    outcome
}

/// Shows each value to `visit`, until it answers `false`.
fn each_cell(column: &Column, mut visit: impl FnMut(Cell<'_>) -> bool) -> PolarsResult<()> {
    let series = column.as_materialized_series();
    match series.dtype() {
        DataType::Boolean => {
            series
                .bool()?
                .iter()
                .all(|value| visit(value.map_or(Cell::Null, Cell::Flag)));
        }

        // Repeated texts are often stored as categories.
        DataType::String | DataType::Categorical(..) | DataType::Enum(..) => {
            let text = series.cast(&DataType::String)?;
            text.str()?
                .iter()
                .all(|value| visit(value.map_or(Cell::Null, Cell::from_text)));
        }

        DataType::Datetime(..) | DataType::Date => {
            let zone = if let DataType::Datetime(_, zone) = series.dtype() {
                zone.clone()
            } else {
                None
            };
            let instants = series
                .cast(&DataType::Datetime(TimeUnit::Microseconds, zone))?
                .cast(&DataType::Int64)?;

            instants
                .i64()?
                .iter()
                .all(|value| visit(value.map_or(Cell::Null, Cell::Instant)));
        }

        _ => {
            // Every count of the contract is exact in 64-bit floats.
            let numbers = series.cast(&DataType::Float64)?;
            numbers
                .unpack::<Float64Type>()?
                .iter()
                .all(|value| visit(value.map_or(Cell::Null, Cell::Number)));
        }
    }

    Ok(())
}
