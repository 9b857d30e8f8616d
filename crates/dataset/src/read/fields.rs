use std::path::{Path, PathBuf};

use filrouge_types::{CONTRACT_COLUMNS, StationId};

use super::TableRead;
use super::cell::{Cell, Read};
use super::instant::Hours;
use crate::builder::TableBuilder;
use crate::{Dataset, DatasetError, FilePosition, Warning};

/// A column of the contract, by its rank in [`CONTRACT_COLUMNS`].
pub(super) type Field = usize;

const STATION_ID: Field = 0;
const HOUR: Field = 1;
const DEPARTURES: Field = 2;

/// Bounds of the optional numbers; others cannot be. Those of the weather are wider
/// than any record on Earth, so that they only catch sentinels and mixed-up units.
const ANY_WEATHER: f64 = 1e4;

/// Turns cells of either kind of file into the columns of a table.
pub(super) struct FieldReader {
    path: PathBuf,
    with_target: bool,
    builder: TableBuilder,
    hours: Hours,
    unknown: Vec<String>,
    impossible: [Option<(u64, FilePosition)>; CONTRACT_COLUMNS.len()],
}

impl FieldReader {
    pub(super) fn new(path: &Path, with_target: bool) -> Self {
        Self {
            path: path.into(),
            with_target,
            builder: TableBuilder::default(),
            hours: Hours::default(),
            unknown: Vec::new(),
            impossible: [None; CONTRACT_COLUMNS.len()],
        }
    }

    pub(super) fn unreadable(&self, error: &impl ToString) -> DatasetError {
        DatasetError::Unreadable {
            path: self.path.clone(),
            reason: error.to_string(),
        }
    }

    /// For each column of the contract, where it stands among the names of the file.
    pub(super) fn locate(&mut self, names: &[String]) -> Result<[Option<usize>; 12], DatasetError> {
        self.unknown = names
            .iter()
            .filter(|name| !CONTRACT_COLUMNS.contains(&name.as_str()))
            .cloned()
            .collect();
        let mut places =
            CONTRACT_COLUMNS.map(|column| names.iter().position(|name| name == column));

        // A forecast needs no target, and must not see one.
        if !self.with_target {
            places[DEPARTURES] = None;
        }

        let required = if self.with_target { DEPARTURES } else { HOUR };
        match (STATION_ID..=required).find(|&field| places[field].is_none()) {
            None => Ok(places),
            Some(field) => Err(DatasetError::MissingColumn {
                path: self.path.clone(),
                column: CONTRACT_COLUMNS[field],
                found: names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        }
    }

    /// Adds one cell to a column.
    pub(super) fn push(
        &mut self,
        field: Field,
        cell: Cell<'_>,
        place: FilePosition,
    ) -> Result<(), DatasetError> {
        self.push_cell(field, cell, place)
            .map_err(|problem| DatasetError::BadValue {
                path: self.path.clone(),
                column: CONTRACT_COLUMNS[field],
                place,
                problem,
            })
    }

    /// Adds `count` missing values to a column that the file does not have.
    pub(super) fn push_absent(&mut self, field: Field, count: usize) {
        let table = &mut self.builder.table;

        match field {
            3..=7 => self
                .floats(field)
                .extend(std::iter::repeat_n(f32::NAN, count)),
            8 => table.weather_code.extend(std::iter::repeat_n(None, count)),
            9 => table
                .is_public_holiday
                .extend(std::iter::repeat_n(None, count)),
            10 => table
                .is_school_holiday
                .extend(std::iter::repeat_n(None, count)),
            11 => table.event_count.extend(std::iter::repeat_n(None, count)),
            _ => {}
        }
    }

    pub(super) fn finish(self) -> Result<TableRead<Dataset>, DatasetError> {
        let unknown = (!self.unknown.is_empty()).then_some(Warning::UnknownColumns(self.unknown));
        let impossible = CONTRACT_COLUMNS
            .into_iter()
            .zip(self.impossible)
            .filter_map(|(column, seen)| {
                seen.map(|(count, first)| Warning::ImpossibleValues {
                    column,
                    count,
                    first,
                })
            });

        let warnings = unknown.into_iter().chain(impossible).collect();
        let table = self
            .builder
            .finish()
            .map_err(|duplicate| DatasetError::Duplicate {
                path: self.path,
                duplicate,
            })?;

        Ok(TableRead { table, warnings })
    }

    fn push_cell(
        &mut self,
        field: Field,
        cell: Cell<'_>,
        place: FilePosition,
    ) -> Result<(), String> {
        match field {
            STATION_ID => {
                let station = self.station(cell)?;
                self.builder.table.station.push(station);
            }
            HOUR => self.builder.table.hour.push(cell.hour(&mut self.hours)?),
            DEPARTURES => self.builder.departures.push(cell.departures()?),
            3 | 4 => self.push_float(field, cell.float(-ANY_WEATHER, ANY_WEATHER)?, place),
            5 => self.push_float(field, cell.float(0.0, 100.0)?, place),
            6 | 7 => self.push_float(field, cell.float(0.0, ANY_WEATHER)?, place),
            8 => {
                let code = self
                    .possible(field, cell.whole(99)?, place)
                    .and_then(|code| u8::try_from(code).ok());
                self.builder.table.weather_code.push(code);
            }
            9 => self.builder.table.is_public_holiday.push(cell.flag()?),
            10 => self.builder.table.is_school_holiday.push(cell.flag()?),
            _ => {
                let count = self.possible(field, cell.whole(u16::MAX.into())?, place);
                self.builder
                    .table
                    .event_count
                    .push(count.and_then(|count| u16::try_from(count).ok()));
            }
        }

        Ok(())
    }

    /// Identifiers that are numbers keep their shortest writing: 1042, not 1042.0.
    fn station(&mut self, cell: Cell<'_>) -> Result<u32, String> {
        let text = match cell {
            Cell::Text(text) => match self.builder.stations.find(text) {
                Some(station) => return Ok(station),
                None => text.to_owned(),
            },
            Cell::Number(number) if number.is_finite() => number.to_string(),
            other => return Err(format!("{other} is not a station identifier")),
        };
        // Only a new identifier is checked: most rows repeat the one before.
        let id = StationId::try_from(text).map_err(|error| error.to_string())?;
        Ok(self.builder.stations.index(id))
    }

    fn push_float(&mut self, field: Field, read: Read<f32>, place: FilePosition) {
        let value = self.possible(field, read, place).unwrap_or(f32::NAN);
        self.floats(field).push(value);
    }

    fn floats(&mut self, field: Field) -> &mut Vec<f32> {
        let table = &mut self.builder.table;
        match field {
            3 => &mut table.temperature_c,
            4 => &mut table.apparent_temperature_c,
            5 => &mut table.relative_humidity_pct,
            6 => &mut table.wind_speed_kmh,
            _ => &mut table.precipitation_mm,
        }
    }

    fn possible<T>(&mut self, field: Field, read: Read<T>, place: FilePosition) -> Option<T> {
        match read {
            Read::Value(value) => Some(value),
            Read::Missing => None,
            Read::Impossible => {
                self.impossible[field].get_or_insert((0, place)).0 += 1;
                None
            }
        }
    }
}
