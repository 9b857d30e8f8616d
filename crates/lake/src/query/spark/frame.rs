use arrow::array::{Array, AsArray, PrimitiveArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType as ArrowType, Float64Type, Int32Type, Int64Type,
    TimeUnit as ArrowUnit, TimestampMicrosecondType,
};
use arrow::record_batch::RecordBatch;
use polars::prelude::{
    Column, DataFrame, DataType, NamedFrom, PolarsResult, Series, TimeUnit, TimeZone,
};

/// One frame of all the batches of an answer, in their order.
pub(super) fn from_batches(batches: &[RecordBatch]) -> Result<DataFrame, String> {
    let mut frame = DataFrame::empty();

    for batch in batches {
        let columns = columns(batch)?;
        let part = DataFrame::new(batch.num_rows(), columns).map_err(|error| error.to_string())?;

        if frame.width() == 0 {
            frame = part;
        } else {
            frame
                .vstack_mut_owned(part)
                .map_err(|error| error.to_string())?;
        }
    }

    Ok(frame)
}

fn columns(batch: &RecordBatch) -> Result<Vec<Column>, String> {
    let schema = batch.schema();
    let fields = schema.fields().iter().zip(batch.columns());
    fields
        .map(|(field, array)| column(field.name(), array.as_ref()))
        .collect()
}

/// A column in the type that the engine in this process gives to the same values.
fn column(name: &str, array: &dyn Array) -> Result<Column, String> {
    let series = match array.data_type() {
        ArrowType::Int32 => Series::new(name.into(), values::<Int32Type>(array)),
        ArrowType::Int64 => Series::new(name.into(), values::<Int64Type>(array)),
        ArrowType::Float64 => Series::new(name.into(), values::<Float64Type>(array)),
        ArrowType::Boolean => {
            Series::new(name.into(), array.as_boolean().iter().collect::<Vec<_>>())
        }
        ArrowType::Utf8 => Series::new(
            name.into(),
            array.as_string::<i32>().iter().collect::<Vec<_>>(),
        ),
        // Spark answers `Utf8`, Sail the other two.
        ArrowType::LargeUtf8 => Series::new(
            name.into(),
            array.as_string::<i64>().iter().collect::<Vec<_>>(),
        ),
        ArrowType::Utf8View => Series::new(
            name.into(),
            array.as_string_view().iter().collect::<Vec<_>>(),
        ),
        ArrowType::Timestamp(ArrowUnit::Microsecond, _) => {
            instants(name, values::<TimestampMicrosecondType>(array))
                .map_err(|error| error.to_string())?
        }
        other => {
            return Err(format!(
                "the column `{name}` is of the type {other}, which no query of the lake gives"
            ));
        }
    };

    Ok(series.into())
}

fn values<T: ArrowPrimitiveType>(array: &dyn Array) -> Vec<Option<T::Native>> {
    let array: &PrimitiveArray<T> = array.as_primitive();
    array.iter().collect()
}

fn instants(name: &str, values: Vec<Option<i64>>) -> PolarsResult<Series> {
    Series::new(name.into(), values).cast(&DataType::Datetime(
        TimeUnit::Microseconds,
        Some(TimeZone::UTC),
    ))
}
