//! Parquet files that others wrote, judged before they are decoded: where their pages stand, how
//! long they say that they are, and what they may become.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use filrouge_bounded::{Allowance, DOCUMENT_BYTES};
use polars_parquet::parquet::metadata::{ColumnChunkMetadata, FileMetadata};
use polars_parquet::parquet::read::read_metadata;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{Encoding, PageHeader};

use crate::guard::guarded;

/// A header has a few dozen bytes, and the statistics of a page.
const HEADER_BYTES: usize = 1 << 20;

/// Reads the footer of a Parquet file and the header of each of its pages.
///
/// # Errors
/// The reason, in one sentence, for which it is not to be decoded: it is damaged there, its columns
/// overlap, or it would become far more than it weighs ([`Allowance`]).
pub fn check_parquet(path: &Path) -> Result<(), String> {
    // The reader of footers panics on some damaged files.
    guarded(|| check(path)).and_then(|outcome| outcome)
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn check(path: &Path) -> Result<(), String> {
    let check = || -> Result<(), Failure> {
        let mut file = BufReader::new(File::open(path)?);
        let length = file.seek(SeekFrom::End(0))?;
        check_footer(&mut file, length)?;
        let metadata = read_metadata(&mut file)?;

        Pages {
            file,
            length,
            allowance: Allowance::of_file(length),
        }
        .check(&metadata)
    };
    check().map_err(|error| error.to_string())
}

/// The footer becomes a tree in memory.
fn check_footer(file: &mut (impl Read + Seek), length: u64) -> Result<(), Failure> {
    if length < 12 {
        return Err("the file is too short to be Parquet".into());
    }
    file.seek(SeekFrom::End(-8))?;
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;

    let footer = u64::from(u32::from_le_bytes(bytes));
    if footer > DOCUMENT_BYTES.min(length) {
        return Err(format!("its footer has {footer} bytes").into());
    }
    Ok(())
}

/// The pages of a file.
struct Pages {
    file: BufReader<File>,
    length: u64,
    allowance: Allowance,
}

impl Pages {
    fn check(mut self, metadata: &FileMetadata) -> Result<(), Failure> {
        let mut compressed = 0_u64;
        let mut rows = 0;

        for group in &metadata.row_groups {
            rows += group.num_rows();
            for chunk in group.parquet_columns() {
                let is_flat = chunk.descriptor().descriptor.max_rep_level == 0;
                if is_flat && usize::try_from(chunk.num_values()) != Ok(group.num_rows()) {
                    return Err("a column has another number of values than of rows".into());
                }
                self.check_chunk(chunk)?;
                let range = chunk.byte_range();
                compressed = compressed.saturating_add(range.end - range.start);
            }
        }

        if rows != metadata.num_rows {
            return Err("its row groups have another number of rows than the file".into());
        }
        // The same pages, listed a thousand times, would be decoded a thousand times.
        if compressed > self.length {
            return Err("its columns overlap".into());
        }
        Ok(())
    }

    fn check_chunk(&mut self, chunk: &ColumnChunkMetadata) -> Result<(), Failure> {
        let path = chunk.descriptor().path_in_schema.iter();
        let name = path.map(ToString::to_string).collect::<Vec<_>>().join(".");
        let damaged = |reason: &dyn ToString| format!("column `{name}`: {}", reason.to_string());
        let (values, range) = (chunk.num_values(), chunk.byte_range());
        if range.start > range.end || range.end > self.length {
            return Err(damaged(&"it ends after the file").into());
        }

        // Runs of one value take no place in the file: a byte for each is counted.
        let values = u64::try_from(values)?;
        self.allowance
            .take(values)
            .map_err(|error| damaged(&error))?;

        let (mut position, mut seen) = (range.start, 0);
        while seen < values {
            let header = self.header_at(position).map_err(|error| damaged(&error))?;
            position = self.file.stream_position()? + u64::try_from(header.compressed_page_size)?;
            if position > range.end {
                return Err(damaged(&"a page ends after its column").into());
            }

            let uncompressed = u64::try_from(header.uncompressed_page_size)?;
            self.allowance
                .take(uncompressed)
                .map_err(|error| damaged(&error))?;
            seen += values_of(&header).map_err(|reason| damaged(&reason))?;
        }

        if seen == values {
            Ok(())
        } else {
            Err(damaged(&"its pages have more values than it says").into())
        }
    }

    fn header_at(&mut self, position: u64) -> Result<PageHeader, Failure> {
        self.file.seek(SeekFrom::Start(position))?;
        let mut protocol = TCompactInputProtocol::new(&mut self.file, HEADER_BYTES);
        Ok(PageHeader::read_from_in_protocol(&mut protocol)?)
    }
}

/// The values of a page; none in a dictionary.
fn values_of(header: &PageHeader) -> Result<u64, &'static str> {
    let v1 = header.data_page_header.as_ref();
    let v2 = header.data_page_header_v2.as_ref();
    let page = v1
        .map(|page| (page.num_values, page.encoding))
        .or_else(|| v2.map(|page| (page.num_values, page.encoding)));
    let Some((values, encoding)) = page else {
        return Ok(0);
    };

    // Each text may repeat the whole of the one before: a few kilobytes become terabytes.
    if encoding == Encoding::DELTA_BYTE_ARRAY {
        return Err("the encoding DELTA_BYTE_ARRAY is not read: write it in another one");
    }
    u64::try_from(values).map_err(|_| "a page has a negative number of values")
}

#[cfg(test)]
mod tests;
