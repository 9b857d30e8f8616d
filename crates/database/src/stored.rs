//! How values are kept in columns that have no type of their own.

use std::fmt::Write;

use chrono::{DateTime, Utc};

use crate::{DatabaseError, Result};

/// The instant that `column` keeps as seconds since 1970.
pub(crate) fn instant(column: &'static str, seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| DatabaseError::corrupt(column, "out of the calendar"))
}

/// Bytes as text, two digits each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Reads what [`hexadecimal`] writes.
pub(crate) fn read_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
