use std::io::{self, Write};

use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::{Expected, FEATURE_COUNT, FEATURE_NAMES};
use filrouge_types::Hour;

use crate::examples::{Examples, history_of};
use crate::system_demand;

/// First bytes of a NumPy file, version 1.0 of its format (NEP 1).
const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";

/// NumPy pads the header so that the values start at a multiple of this.
const ALIGNMENT: usize = 64;

/// Writes the rows that a model learns from as a NumPy file (`.npy`), so that any other trainer can
/// be given the same.
///
/// One record a row, all float32: `hour` (hours since 1970, UTC), `departures` (the target), then
/// the features by name. Rows of which nothing is known a day before are left out, as they are in
/// training. Returns the number of rows.
///
/// The system demand model, which some features read, is fitted on the hours before `fit_before`
/// (on all of them by default), so that forecasting the rows after it leaks nothing.
/// `counted_over_forecast`, which belongs to one version, is missing.
///
/// # Errors
/// A data set with an impossible hour, a sink that refuses.
pub fn write_features(
    dataset: &Dataset,
    time_zone: Tz,
    fit_before: Option<Hour>,
    sink: &mut impl Write,
) -> anyhow::Result<usize> {
    let history = history_of(&[dataset])?;

    let model = system_demand::fit_before(&history, fit_before, time_zone);
    let expected = Expected::of(&history, model.as_ref(), time_zone);
    let rows: Vec<usize> = (0..dataset.len()).collect();
    let examples = Examples::of(dataset, &history, &rows, &expected);

    sink.write_all(&header(examples.len()))?;
    for index in 0..examples.len() {
        write_row(&examples, index, sink)?;
    }

    Ok(examples.len())
}

fn write_row(examples: &Examples, index: usize, sink: &mut impl Write) -> io::Result<()> {
    let hour = examples.hour[index].hours_since_epoch() as f32;
    let first = [hour, examples.actual[index]];
    let values = first.iter().chain(examples.features(index));

    values
        .copied()
        .try_for_each(|value| sink.write_all(&value.to_le_bytes()))
}

/// The header: a Python literal, padded with spaces, that ends with a new line.
fn header(rows: usize) -> Vec<u8> {
    let names = ["hour", "departures"].into_iter().chain(FEATURE_NAMES);
    let fields: Vec<String> = names.map(|name| format!("('{name}', '<f4')")).collect();
    debug_assert_eq!(fields.len(), FEATURE_COUNT + 2, "one field a column");

    let literal = format!(
        "{{'descr': [{}], 'fortran_order': False, 'shape': ({rows},), }}",
        fields.join(", ")
    );

    // The length of the header follows the magic bytes, and counts neither itself nor them.
    let before = MAGIC.len() + size_of::<u16>();
    let length = (before + literal.len() + 1).next_multiple_of(ALIGNMENT) - before;
    let text = format!("{literal:<width$}\n", width = length - 1);

    [MAGIC, &(length as u16).to_le_bytes(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
