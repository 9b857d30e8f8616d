#![doc = include_str!("../README.md")]

mod allowance;
mod archive;
mod hash;
mod json;
mod line;
mod records;
mod toml_file;
mod utf_8;

pub use allowance::{Allowance, Allowed};
pub use archive::open_zip;
pub use hash::hash_file;
pub use json::{JsonError, json};
pub use line::{Line, read_line};
pub use records::{Progress, Records};
pub use toml_file::{TomlFileError, read_toml};
pub use utf_8::Utf8;

/// Bytes of one document that is read whole: JSON, an HTML page.
// The stations of the largest cities take two megabytes, a year of weather half a megabyte.
pub const DOCUMENT_BYTES: u64 = 16 << 20;

/// Bytes of memory that a JSON document may take as a tree.
// Ten thousand stations of thirty fields.
pub const JSON_TREE_BYTES: u64 = 32 << 20;

/// Bytes of one line of text, or of one record of a table.
pub const LINE_BYTES: u64 = 1 << 20;

/// Columns of a table.
pub const TABLE_COLUMNS: usize = 4096;

/// Times that a file may grow when it is decompressed.
// Tables of zeros grow fifty times; a bomb of gzip, a thousand.
pub const GROWTH: u64 = 200;

/// Bytes that any file may become, however small it is.
pub const GROWTH_FLOOR_BYTES: u64 = 16 << 20;

/// Files in one zip archive.
pub const ARCHIVE_ENTRIES: u64 = 10_000;
