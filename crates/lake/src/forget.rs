use std::path::Path;

use chrono::{Datelike, NaiveDate};

use crate::LakeError;
use crate::store::Ledger;

/// Takes the trips of the months before that of `date` out of the lake, and those whose start is
/// unreadable; answers the number of Parquet files that left. The files that they came from stay
/// known: ingesting them again brings nothing back.
///
/// # Errors
/// A ledger or a file that cannot be read or written.
pub fn forget_before(lake: &Path, date: NaiveDate) -> Result<usize, LakeError> {
    Ledger::open(lake)?.forget_before(date.year(), date.month())
}
