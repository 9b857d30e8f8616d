use std::io::Write;

use polars::prelude::{AnyValue, CsvWriter, DataFrame, ParquetWriter, PolarsResult, SerWriter};

/// Formats of the result of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Aligned columns for a terminal, at most 100 rows.
    Table,
    /// CSV with a header.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// Rows of a table on a terminal; a longer result says how many are left out.
const SHOWN: usize = 100;

pub(super) fn print(
    frame: &mut DataFrame,
    format: OutputFormat,
    sink: &mut (impl Write + Send),
) -> PolarsResult<()> {
    match format {
        OutputFormat::Table => print_table(frame, sink),
        OutputFormat::Csv => CsvWriter::new(sink)
            .with_datetime_format(Some("%Y-%m-%dT%H:%M:%SZ".into()))
            .finish(frame),
        OutputFormat::Parquet => ParquetWriter::new(sink).finish(frame).map(|_| ()),
    }
}

fn print_table(frame: &DataFrame, sink: &mut impl Write) -> PolarsResult<()> {
    let shown = frame.head(Some(SHOWN));
    let columns: Vec<Vec<String>> = shown
        .columns()
        .iter()
        .map(|column| {
            let values = column
                .as_materialized_series()
                .iter()
                .map(|value| cell(&value))
                .collect::<Vec<_>>();
            [vec![column.name().to_string()], values].concat()
        })
        .collect();

    let widths: Vec<usize> = columns
        .iter()
        .map(|column| {
            column
                .iter()
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();

    for row in 0..=shown.height() {
        let cells = columns
            .iter()
            .zip(&widths)
            .map(|(column, &width)| format!("{:width$}", column[row]));
        writeln!(sink, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }

    if frame.height() > SHOWN {
        writeln!(sink, "… {} lignes de plus", frame.height() - SHOWN)?;
    }
    Ok(())
}

fn cell(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        other => other.to_string(),
    }
}
