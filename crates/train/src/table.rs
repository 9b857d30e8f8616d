use std::io::{self, Write};

use chrono_tz::Tz;
use filrouge_dataset::Dataset;
use filrouge_model::{Expected, FEATURE_COUNT, FEATURE_NAMES, History};
use filrouge_types::Hour;

use crate::examples::{Examples, remember};
use crate::total;

/// What starts a file of NumPy, version 1.0 of its format.
const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";

/// NumPy pads the header so that the values start at a multiple of this.
const ALIGNMENT: usize = 64;

/// Writes the rows that a model learns from as a NumPy file (`.npy`), so that any other trainer can
/// be given the same.
///
/// The law of the system's total, which some features read, is that of the hours before
/// `learnt_before` (of all of them by default), so that rows after it can be forecast without
/// cheating. `counted_over_forecast`, which is of one version, is missing.
///
/// One record a row, all float32: `hour` (hours since 1970, UTC), `departures` (the target), then
/// the features by name. Rows of which nothing is known a day before are left out, as they are in
/// training. Returns the number of rows.
///
/// # Errors
/// A data set with an impossible hour, a sink that refuses.
pub fn write_features(
    dataset: &Dataset,
    time_zone: Tz,
    learnt_before: Option<Hour>,
    sink: &mut impl Write,
) -> anyhow::Result<usize> {
    let mut history = History::default();
    remember(&mut history, dataset)?;
    let rows: Vec<usize> = (0..dataset.len()).collect();
    let law = total::before(&history, learnt_before, time_zone);
    let expected = Expected::of(&history, law.as_ref(), time_zone);
    let examples = Examples::of(dataset, &history, &rows, &expected);
    sink.write_all(&header(examples.len()))?;
    for index in 0..examples.len() {
        write_row(&examples, index, sink)?;
    }
    Ok(examples.len())
}

fn write_row(examples: &Examples, index: usize, sink: &mut impl Write) -> io::Result<()> {
    let known = [
        examples.hour[index].hours_since_epoch() as f32,
        examples.truth[index],
    ];
    let values = known.iter().chain(examples.features(index));
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
    let before = MAGIC.len() + size_of::<u16>();
    let length = (before + literal.len() + 1).next_multiple_of(ALIGNMENT) - before;
    let text = format!("{literal:<width$}\n", width = length - 1);
    [MAGIC, &(length as u16).to_le_bytes(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use filrouge_types::{Conditions, StationHour, Weather};

    use super::*;

    #[test]
    fn a_header_says_the_columns_and_is_aligned() {
        let header = header(12);
        assert!(header.starts_with(MAGIC) && header.ends_with(b"\n"));
        assert_eq!(header.len() % ALIGNMENT, 0);
        assert_eq!(
            usize::from(u16::from_le_bytes([header[8], header[9]])),
            header.len() - 10
        );

        let text = String::from_utf8_lossy(&header[10..]);

        assert!(
            text.starts_with("{'descr': [('hour', '<f4'), ('departures', '<f4'), ('level', '<f4')"),
            "{text}"
        );
        assert!(text.contains("'shape': (12,)"), "{text}");
    }

    #[test]
    fn a_row_holds_its_hour_its_target_and_its_features() {
        let hour: Hour = "2026-01-05T00:00:00Z".parse().unwrap();
        let row = |index: i64| StationHour {
            conditions: Conditions {
                station_id: "A".parse().unwrap(),
                hour: hour + index,
                weather: Weather::default(),
                is_public_holiday: None,
                is_school_holiday: None,
                event_count: None,
            },
            departures: 3,
        };

        let mut bytes = Vec::new();
        let rows = write_features(
            &Dataset::from_rows((0..48).map(row)).unwrap(),
            chrono_tz::UTC,
            None,
            &mut bytes,
        )
        .unwrap();

        assert_eq!(rows, 24, "nothing is known a day before the first day");

        let width = (FEATURE_COUNT + 2) * 4;
        assert_eq!(bytes.len(), header(rows).len() + rows * width);

        let last: Vec<f32> = bytes[bytes.len() - width..]
            .as_chunks()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .collect();

        assert_eq!(
            last[..3],
            [(hour + 47).hours_since_epoch() as f32, 3.0, 3.0]
        );
    }
}
