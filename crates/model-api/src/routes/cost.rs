//! The cost of a request, in units of the client's allowance.

/// Rows that cost as much as a request itself.
const ROWS_PER_UNIT: usize = 100;

/// Units of that many rows of the model, beside the one of any request.
pub(super) fn units(rows: usize) -> u32 {
    u32::try_from(rows / ROWS_PER_UNIT).unwrap_or(u32::MAX)
}
