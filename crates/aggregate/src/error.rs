use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;

/// A reason for which no clean data set was made. The previous one is then untouched.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// A file does not hold the data of its name, or is cut short.
    #[error("{path}: cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reader's answer, with the line or field when known.
        reason: String,
    },
    /// A file of the clean folder is not the one that was written.
    #[error("{path}: damaged: its bytes are not those that summary.json tells of")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A file of trips lacks a column that every rule needs.
    #[error("{path}: column `{column}` is missing")]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
    /// There is no trip, or none that the rules keep.
    #[error("{path}: no trip to aggregate: {reason}")]
    NoTrip {
        /// The folder of the run, or the first file.
        path: PathBuf,
        /// The files that were looked for, or the fate of the rows.
        reason: String,
    },
    /// Trips of more stations over more hours than a data set can have.
    #[error(
        "the data set would have {rows} rows, more than {most}: are the stations and the instants of the trips true?"
    )]
    TooLarge {
        /// Rows that it would have.
        rows: u64,
        /// Rows that it may have.
        most: u64,
    },
    /// Rows appeared or disappeared: a defect of this program, never of the data.
    #[error("{step}: {read} rows read, but {kept} kept and {rejected} rejected")]
    Inconsistent {
        /// The rule or the source.
        step: String,
        /// Rows before.
        read: u64,
        /// Rows after.
        kept: u64,
        /// Rows set aside.
        rejected: u64,
    },
    /// The engine refused a plan.
    #[error("{step}: {error}")]
    Engine {
        /// The step under way.
        step: &'static str,
        /// The engine's answer.
        error: PolarsError,
    },
    /// A result could not be written.
    #[error("{path}: cannot be written: {reason}")]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// The file system's answer.
        reason: String,
    },
}

impl AggregateError {
    pub(crate) fn unreadable(path: &Path, reason: impl ToString) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn unwritable(path: &Path, reason: impl ToString) -> Self {
        Self::Unwritable {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn engine(step: &'static str) -> impl Fn(PolarsError) -> Self {
        move |error| Self::Engine { step, error }
    }
}
