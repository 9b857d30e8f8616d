use std::ops::Range;

use filrouge_types::{Conditions, Hour, StationHour, StationId, Weather};

/// Conditions of many station-hours, column by column, sorted by (station, hour), each pair once.
///
/// All columns have the same length. A missing float is `NaN`; no other value is ever not finite.
#[derive(Debug, Clone, Default)]
pub struct ConditionTable {
    /// The distinct stations, in the order of their identifiers.
    pub stations: Vec<StationId>,
    /// Index in `stations`, one a row.
    pub station: Vec<u32>,
    /// The hour, UTC.
    pub hour: Vec<Hour>,
    /// Air temperature, °C.
    pub temperature_c: Vec<f32>,
    /// Temperature as felt, °C.
    pub apparent_temperature_c: Vec<f32>,
    /// Relative humidity, 0 to 100.
    pub relative_humidity_pct: Vec<f32>,
    /// Wind at 10 m, km/h.
    pub wind_speed_kmh: Vec<f32>,
    /// Water fallen during the hour, mm.
    pub precipitation_mm: Vec<f32>,
    /// Present weather, WMO table 4677.
    pub weather_code: Vec<Option<u8>>,
    /// The day is a public holiday.
    pub is_public_holiday: Vec<Option<bool>>,
    /// The day falls in the school holidays.
    pub is_school_holiday: Vec<Option<bool>>,
    /// Events going on near the station.
    pub event_count: Vec<Option<u16>>,
}

impl ConditionTable {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.hour.len()
    }

    /// True without any row.
    pub fn is_empty(&self) -> bool {
        self.hour.is_empty()
    }

    /// The row at `index`.
    ///
    /// # Panics
    /// When `index` is not below [`len`](Self::len).
    pub fn row(&self, index: usize) -> Conditions {
        Conditions {
            station_id: self.stations[self.station[index] as usize].clone(),
            hour: self.hour[index],
            weather: self.weather(index),
            is_public_holiday: self.is_public_holiday[index],
            is_school_holiday: self.is_school_holiday[index],
            event_count: self.event_count[index],
        }
    }

    /// The weather of the row at `index`.
    ///
    /// # Panics
    /// When `index` is not below [`len`](Self::len).
    pub fn weather(&self, index: usize) -> Weather {
        Weather {
            temperature_c: known(self.temperature_c[index]),
            apparent_temperature_c: known(self.apparent_temperature_c[index]),
            relative_humidity_pct: known(self.relative_humidity_pct[index]),
            wind_speed_kmh: known(self.wind_speed_kmh[index]),
            precipitation_mm: known(self.precipitation_mm[index]),
            weather_code: self.weather_code[index],
        }
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Conditions> + '_ {
        (0..self.len()).map(|index| self.row(index))
    }

    /// Each station with the rows that are its own, in order.
    // Rows are sorted by station: two binary searches find those of one.
    pub fn by_station(&self) -> impl Iterator<Item = (&StationId, Range<usize>)> + '_ {
        self.stations.iter().enumerate().map(|(index, station)| {
            let start = self
                .station
                .partition_point(|&other| (other as usize) < index);
            let end = self
                .station
                .partition_point(|&other| (other as usize) <= index);
            (station, start..end)
        })
    }
}

/// A station-hour data set: conditions and the departures counted in each row's hour.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// The conditions of each station-hour.
    pub conditions: ConditionTable,
    /// Trips begun there during the hour, one value a row of `conditions`.
    pub departures: Vec<u32>,
}

impl Dataset {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.conditions.len()
    }

    /// True without any row.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// The row at `index`.
    ///
    /// # Panics
    /// When `index` is not below [`len`](Self::len).
    pub fn row(&self, index: usize) -> StationHour {
        StationHour {
            conditions: self.conditions.row(index),
            departures: self.departures[index],
        }
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = StationHour> + '_ {
        (0..self.len()).map(|index| self.row(index))
    }
}

fn known(value: f32) -> Option<f32> {
    (!value.is_nan()).then_some(value)
}
