use serde::Serialize;

/// The report of one file of trips: counts, and the decisions taken to read it. `kept + rejected =
/// read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// File name; for an archive, the name of the entry.
    pub source_file: String,
    /// SHA-256 of the file as received, hexadecimal.
    pub sha256: String,
    /// Size of the file as received.
    pub bytes: u64,
    /// `UTF-8`, `UTF-16LE`, `UTF-16BE`, or `Windows-1252` when some field is not UTF-8.
    pub encoding: String,
    /// Separator of its fields.
    pub separator: char,
    /// The columns that have a place in the canonical trip: `starttime as started_at`.
    pub columns: Vec<String>,
    /// Columns left at the door because they describe people.
    pub personal_columns: Vec<String>,
    /// Other columns that the canonical trip has no place for.
    pub ignored_columns: Vec<String>,
    /// The writings of dates met: `ISO 8601`, `M/D/YYYY`, `D/M/YYYY`, `time since 1970`.
    pub date_formats: Vec<String>,
    /// Rows of the file, header and blank lines left out.
    pub read: u64,
    /// Rows that became trips.
    pub kept: u64,
    /// Rows that are not CSV, or have another number of fields than the header.
    pub rejected: u64,
    /// Trips whose start is unreadable: kept, for the cleaning rules to judge.
    pub unreadable_starts: u64,
    /// The first rejected rows.
    pub rejected_lines: Vec<RejectedLine>,
}

/// A row that could not become a trip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedLine {
    /// Line of the file, from 1, header included.
    pub source_line: u32,
    /// The reason, such as the field that is not an instant.
    pub reason: String,
}

/// Rejected rows told in full; the others are counted.
const TOLD: usize = 20;

impl FileReport {
    pub(crate) fn reject(&mut self, source_line: u32, reason: String) {
        self.read += 1;
        self.rejected += 1;
        if self.rejected_lines.len() < TOLD {
            self.rejected_lines.push(RejectedLine {
                source_line,
                reason,
            });
        }
    }
}
