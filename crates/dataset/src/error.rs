use std::fmt;
use std::path::PathBuf;

use crate::DuplicateHour;

/// A file is not a station-hour data set, or could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// The file is absent, truncated, or neither Parquet nor CSV.
    #[error("{path}: cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reader's answer.
        reason: String,
    },
    /// A column that the contract requires is absent.
    #[error("{path}: column `{column}` is missing; the file has {found}")]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// The columns of the file, as a list.
        found: String,
    },
    /// A value that the contract does not allow.
    #[error("{path}: column `{column}`, {place}: {problem}")]
    BadValue {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// Position in the file.
        place: FilePosition,
        /// The value, and the expected one.
        problem: String,
    },
    /// Two rows speak of the same station and hour.
    #[error("{path}: {duplicate}")]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// The rows.
        duplicate: DuplicateHour,
    },
    /// The file could not be written; the previous one, if any, is untouched.
    #[error("{path}: cannot be written: {reason}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The writer's answer.
        reason: String,
    },
}

/// Position of a row in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePosition {
    /// Line of a CSV file, from 1, header included.
    Line(u64),
    /// Row of a Parquet file, from 1.
    Row(u64),
}

impl fmt::Display for FilePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(row) => write!(f, "row {row}"),
        }
    }
}

/// Content of a file that was set aside without refusing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Columns that the contract does not know.
    UnknownColumns(Vec<String>),
    /// Values of an optional column that cannot be (not finite, out of bounds): read as missing.
    ImpossibleValues {
        /// The column.
        column: &'static str,
        /// Number of such values.
        count: u64,
        /// Position of the first one.
        first: FilePosition,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownColumns(names) => {
                write!(f, "unknown columns ignored: {}", names.join(", "))
            }

            Self::ImpossibleValues {
                column,
                count,
                first,
            } => {
                write!(
                    f,
                    "column `{column}`: {count} impossible values read as missing, the first at {first}"
                )
            }
        }
    }
}
