//! Canonical trips, read by pieces of their files, so that memory is that of a few pieces and not
//! of the history.

use std::ops::Range;
use std::path::PathBuf;

use filrouge_types::Hour;
use polars::prelude::{ChunkAgg, Column, DataFrame, DataType, IntoColumn, PlSmallStr, Scalar};

use crate::AggregateError;
use crate::instant::instant_type;
use crate::parallel::in_order;
use crate::parquet::{ParquetFile, Rows};
use crate::trip::instants;

/// The sources of trips, in the order in which a row that is in several is taken.
pub(crate) const SOURCES: [&str; 3] = ["lake", "file", "trips"];

/// Columns that an operator publishes.
pub(crate) const PUBLISHED_COLUMNS: [&str; 13] = [
    "trip_id",
    "started_at",
    "ended_at",
    "start_station_id",
    "start_station_name",
    "end_station_id",
    "end_station_name",
    "start_latitude",
    "start_longitude",
    "end_latitude",
    "end_longitude",
    "duration_seconds",
    "rider_type",
];

/// Columns that collection adds: the hour of the start, and the place the row was read from.
const ADDED_COLUMNS: [&str; 3] = ["started_hour", "source_file", "source_line"];

/// Columns without which no rule can judge.
const REQUIRED_COLUMNS: [&str; 6] = [
    "started_at",
    "ended_at",
    "started_hour",
    "start_station_id",
    "source_file",
    "source_line",
];

/// Rows of a piece at most. Row groups are smaller in practice, and are then read whole.
const PIECE_ROWS: usize = 1 << 20;

/// One Parquet file of canonical trips, and the source it belongs to.
#[derive(Debug, Clone)]
pub(crate) struct TripFile {
    pub(crate) source: &'static str,
    pub(crate) path: PathBuf,
}

/// All the trips of a run, not read yet.
pub(crate) struct Trips {
    files: Vec<(&'static str, ParquetFile)>,
    pieces: Vec<Piece>,
    /// The pieces by their first start.
    order: Vec<usize>,
}

/// Rows of one row group.
struct Piece {
    file: usize,
    group: usize,
    rows: Range<usize>,
    /// None of them starts before this instant, microseconds.
    first_start: i64,
}

/// Position of a row: its piece, and its place in the row group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) piece: u32,
    pub(crate) row: u32,
}

/// A piece that was read.
pub(crate) struct PieceRead {
    pub(crate) frame: DataFrame,
    /// Position of its first row; the others follow.
    pub(crate) first: Position,
    /// No trip that is still to be read starts before this instant, microseconds; `None` when none
    /// is.
    pub(crate) next_start: Option<i64>,
}

impl Trips {
    /// Opens the files and looks at their columns.
    pub(crate) fn open(files: &[TripFile]) -> Result<Self, AggregateError> {
        let mut trips = Self {
            files: Vec::new(),
            pieces: Vec::new(),
            order: Vec::new(),
        };

        for (number, TripFile { source, path }) in files.iter().enumerate() {
            let file = ParquetFile::open(path)?;
            check_columns(&file)?;
            trips.pieces.extend(
                file.groups()
                    .enumerate()
                    .flat_map(|(group, rows)| pieces(&file, number, group, rows)),
            );
            trips.files.push((source, file));
        }

        // In the order of time, a few days of trips are held and not the history.
        trips.order = (0..trips.pieces.len()).collect();
        trips
            .order
            .sort_by_key(|&piece| trips.pieces[piece].first_start);

        Ok(trips)
    }

    /// Reads some columns of every piece, several pieces at a time, and gives them in the order of
    /// their first start.
    pub(crate) fn for_each_piece(
        &self,
        columns: &[&'static str],
        mut take: impl FnMut(PieceRead) -> Result<(), AggregateError>,
    ) -> Result<(), AggregateError> {
        let read = |&number: &usize| {
            let piece = &self.pieces[number];
            let frame = self.read(piece, columns, &Rows::Between(piece.rows.clone()))?;
            self.check_first_start(piece, &frame)?;
            Ok(frame)
        };

        in_order(&self.order, read, |place, frame| {
            let (piece, next) = (self.order[place], self.order.get(place + 1));
            let first = Position {
                piece: piece as u32,
                row: self.pieces[piece].rows.start as u32,
            };
            let next_start = next.map(|&next| self.pieces[next].first_start);

            take(PieceRead {
                frame,
                first,
                next_start,
            })
        })
    }

    /// These rows, whole, in the order of files and rows.
    pub(crate) fn rows(&self, mut positions: Vec<Position>) -> Result<DataFrame, AggregateError> {
        // Each row group is decompressed once, however many of its rows are wanted.
        positions.sort_unstable();
        let groups: Vec<&[Position]> = positions
            .chunk_by(|one, next| one.piece == next.piece)
            .collect();

        let read = |group: &&[Position]| {
            let places: Vec<u32> = group.iter().map(|position| position.row).collect();
            self.read(
                &self.pieces[group[0].piece as usize],
                &canonical_columns(),
                &Rows::At(&places),
            )
        };

        let mut frame = self.no_row()?;

        in_order(&groups, read, |_, rows| {
            let stacked = frame.vstack_mut(&rows).map(|_| ());
            stacked.map_err(AggregateError::engine("trips"))
        })?;

        Ok(frame)
    }

    /// The rows that begin during an hour, as [`rows`](Self::rows) gives them.
    pub(crate) fn rows_of(&self, hour: Hour) -> Result<DataFrame, AggregateError> {
        let wanted = hour.start().timestamp_micros();
        let mut positions = Vec::new();

        self.for_each_piece(&["started_hour"], |PieceRead { first, frame, .. }| {
            let hours =
                instants(&frame, "started_hour").map_err(AggregateError::engine("trips"))?;
            let here = hours
                .iter()
                .zip(first.row..)
                .filter(|(hour, _)| *hour == Some(wanted));
            positions.extend(here.map(|(_, row)| Position { row, ..first }));
            Ok(())
        })?;

        self.rows(positions)
    }

    fn no_row(&self) -> Result<DataFrame, AggregateError> {
        let columns = canonical_columns()
            .into_iter()
            .map(|name| Column::full_null(name.into(), 0, &type_of(name)));
        let source = Column::full_null("source".into(), 0, &DataType::String);
        DataFrame::new(0, columns.chain([source]).collect())
            .map_err(AggregateError::engine("trips"))
    }

    /// Columns in the canonical types; those that a file lacks are null.
    fn read(
        &self,
        piece: &Piece,
        columns: &[&'static str],
        rows: &Rows,
    ) -> Result<DataFrame, AggregateError> {
        let (source, file) = &self.files[piece.file];
        let height = rows.len();

        let column = |&name: &&'static str| {
            let (Some(found), wanted) = (file.type_of(name), type_of(name)) else {
                return Ok(Column::full_null(name.into(), height, &type_of(name)));
            };
            // Other tools write milliseconds, or identifiers as numbers. Strict: a value that does not
            // fit is an error, not a null.
            let series = file.read(piece.group, name, rows)?;
            let series = if found == wanted {
                Ok(series)
            } else {
                series.strict_cast(&wanted)
            };

            series
                .map(IntoColumn::into_column)
                .map_err(|error| AggregateError::unreadable(file.path(), error))
        };

        let mut columns = columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;

        columns.push(Column::new_scalar(
            "source".into(),
            Scalar::from(PlSmallStr::from_static(source)),
            height,
        ));

        DataFrame::new(height, columns)
            .map_err(|error| AggregateError::unreadable(file.path(), error))
    }

    /// The order of reading relies on the statistics of the row groups.
    fn check_first_start(&self, piece: &Piece, frame: &DataFrame) -> Result<(), AggregateError> {
        let Ok(starts) = instants(frame, "started_at") else {
            return Ok(());
        };

        match starts.min() {
            Some(first) if first < piece.first_start => {
                let reason = "a trip starts before the least `started_at` that the file tells of its row group";
                Err(AggregateError::unreadable(
                    self.files[piece.file].1.path(),
                    reason,
                ))
            }
            _ => Ok(()),
        }
    }

    /// The number of pieces.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// The source of a piece.
    pub(crate) fn source(&self, piece: usize) -> &'static str {
        self.files[self.pieces[piece].file].0
    }
}

fn pieces(
    file: &ParquetFile,
    number: usize,
    group: usize,
    rows: usize,
) -> impl Iterator<Item = Piece> + use<> {
    // In another unit, the statistics of the file would have to be converted too.
    let is_canonical = file
        .type_of("started_at")
        .is_some_and(|found| found == instant_type());
    let first_start = file
        .least(group, "started_at")
        .filter(|_| is_canonical)
        .unwrap_or(i64::MIN);

    let piece = move |first: usize| Piece {
        file: number,
        group,
        rows: first..rows.min(first + PIECE_ROWS),
        first_start,
    };

    (0..rows).step_by(PIECE_ROWS).map(piece)
}

fn canonical_columns() -> Vec<&'static str> {
    [PUBLISHED_COLUMNS.as_slice(), &ADDED_COLUMNS].concat()
}

/// Those that no rule needs may be absent.
fn check_columns(file: &ParquetFile) -> Result<(), AggregateError> {
    for column in canonical_columns() {
        match file.type_of(column) {
            None if REQUIRED_COLUMNS.contains(&column) => {
                return Err(AggregateError::MissingColumn {
                    path: file.path().to_owned(),
                    column,
                });
            }

            // A list would be cast to a text that no rule expects.
            Some(found) if found.is_nested() => {
                return Err(AggregateError::unreadable(
                    file.path(),
                    format!("column `{column}` is {found}"),
                ));
            }

            _ => {}
        }
    }

    Ok(())
}

fn type_of(column: &str) -> DataType {
    match column {
        "started_at" | "ended_at" | "started_hour" => instant_type(),
        "start_latitude" | "start_longitude" | "end_latitude" | "end_longitude" => {
            DataType::Float64
        }
        "duration_seconds" => DataType::Int64,
        "source_line" => DataType::UInt32,
        _ => DataType::String,
    }
}

#[cfg(test)]
pub(crate) mod tests;
