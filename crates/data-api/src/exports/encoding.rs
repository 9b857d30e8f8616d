//! The format of an export.

use std::io::{self, Write};

use filrouge_dataset::{Format, StationHourWriter};

use super::reading::Batches;
use crate::accept::Media;
use crate::hour_items::StationHourItem;

/// Writes the rows in the format that was asked for.
pub(super) fn encode(
    batches: Batches,
    media: Media,
    sink: &mut (impl Write + Send),
) -> io::Result<()> {
    let format = match media {
        Media::Json => return encode_json(batches, sink),
        Media::Csv => Format::Csv,
        Media::Parquet => Format::Parquet,
        Media::ArrowStream => Format::ArrowStream,
        Media::ArrowFile => Format::ArrowFile,
    };
    encode_columns(batches, StationHourWriter::new(sink, format)?)
}

fn encode_columns<W: Write + Send>(
    batches: Batches,
    mut writer: StationHourWriter<W>,
) -> io::Result<()> {
    for batch in batches {
        writer.write(&batch?)?;
    }
    writer.finish()
}

fn encode_json(batches: Batches, sink: &mut impl Write) -> io::Result<()> {
    let mut separator = "[";
    for batch in batches {
        for row in batch? {
            sink.write_all(separator.as_bytes())?;
            serde_json::to_writer(&mut *sink, &StationHourItem::from(row))?;
            separator = ",\n";
        }
    }
    sink.write_all(if separator == "[" { b"[]" } else { b"]" })?;
    sink.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_stops_before_its_end_makes_no_whole_file() {
        for media in Media::OF_EXPORTS {
            assert!(
                encode(Batches::broken_off(), media, &mut Vec::new()).is_err(),
                "{media:?}"
            );
        }
    }
}
