use std::collections::HashMap;

use filrouge_types::{Conditions, Hour, StationHour, StationId};

use crate::table::{ConditionTable, Dataset};

/// Two rows of one station and hour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("station `{station_id}` has two rows for {hour}: data rows {first} and {second}")]
pub struct DuplicateHour {
    /// The station.
    pub station_id: StationId,
    /// The hour.
    pub hour: Hour,
    /// First of the two, counted from 1 in the order they came, header left out.
    pub first: u64,
    /// Second of the two.
    pub second: u64,
}

impl ConditionTable {
    /// A table of these rows, in any order.
    ///
    /// # Errors
    /// Two rows for one station and hour.
    pub fn from_rows(rows: impl IntoIterator<Item = Conditions>) -> Result<Self, DuplicateHour> {
        let mut builder = TableBuilder::default();
        rows.into_iter()
            .for_each(|row| builder.push_conditions(row));
        Ok(builder.finish()?.conditions)
    }
}

impl Dataset {
    /// A data set of these rows, in any order.
    ///
    /// # Errors
    /// Two rows for one station and hour.
    pub fn from_rows(rows: impl IntoIterator<Item = StationHour>) -> Result<Self, DuplicateHour> {
        let mut builder = TableBuilder::default();
        for row in rows {
            builder.push_conditions(row.conditions);
            builder.departures.push(row.departures);
        }
        builder.finish()
    }
}

/// Takes rows in any order and lays them out as a sorted table.
#[derive(Default)]
pub(crate) struct TableBuilder {
    pub(crate) stations: StationInterner,
    pub(crate) table: ConditionTable,
    pub(crate) departures: Vec<u32>,
}

impl TableBuilder {
    pub(crate) fn push_conditions(&mut self, row: Conditions) {
        let (table, weather) = (&mut self.table, row.weather);
        table.station.push(self.stations.index(row.station_id));
        table.hour.push(row.hour);

        for (column, value) in [
            (&mut table.temperature_c, weather.temperature_c),
            (
                &mut table.apparent_temperature_c,
                weather.apparent_temperature_c,
            ),
            (
                &mut table.relative_humidity_pct,
                weather.relative_humidity_pct,
            ),
            (&mut table.wind_speed_kmh, weather.wind_speed_kmh),
            (&mut table.precipitation_mm, weather.precipitation_mm),
        ] {
            column.push(finite(value));
        }

        table.weather_code.push(weather.weather_code);
        table.is_public_holiday.push(row.is_public_holiday);
        table.is_school_holiday.push(row.is_school_holiday);
        table.event_count.push(row.event_count);
    }

    pub(crate) fn finish(self) -> Result<Dataset, DuplicateHour> {
        let Self {
            stations,
            mut table,
            mut departures,
        } = self;

        rank_stations(&mut table, stations.names);
        // Our own files are sorted: to sort them again would cost more than to read them.
        if !is_sorted(&table) {
            let order = sorted_order(&table)?;
            table = reorder_table(&table, &order);
            reorder(&mut departures, &order);
        }

        Ok(Dataset {
            conditions: table,
            departures,
        })
    }
}

/// Gives each station a number, in the order they come.
#[derive(Default)]
pub(crate) struct StationInterner {
    names: Vec<StationId>,
    index: HashMap<StationId, u32>,
    last: u32,
}

impl StationInterner {
    pub(crate) fn index(&mut self, id: StationId) -> u32 {
        if let Some(known) = self.find(id.as_str()) {
            return known;
        }
        let index = *self.index.entry(id.clone()).or_insert_with(|| {
            self.names.push(id);
            u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
        });
        self.last = index;
        index
    }

    /// The number of the station that came last, when it bears this name: files are most often
    /// sorted.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.names
            .get(self.last as usize)
            .filter(|last| last.as_str() == id)
            .map(|_| self.last)
    }
}

fn finite(value: Option<f32>) -> f32 {
    value.filter(|value| value.is_finite()).unwrap_or(f32::NAN)
}

/// Puts the stations in the order of their names and renumbers the rows.
fn rank_stations(table: &mut ConditionTable, names: Vec<StationId>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    // Names are distinct: no tie whose order could matter.
    order.sort_unstable_by(|&a, &b| names[a].cmp(&names[b]));
    let mut rank = vec![0_u32; names.len()];

    for (position, &original) in (0_u32..).zip(&order) {
        rank[original] = position;
    }

    for station in &mut table.station {
        *station = rank[*station as usize];
    }

    table.stations = order
        .into_iter()
        .map(|original| names[original].clone())
        .collect();
}

fn key(table: &ConditionTable, row: usize) -> (u32, Hour) {
    (table.station[row], table.hour[row])
}

// Strictly: equal neighbours are left to the sort, which names them.
fn is_sorted(table: &ConditionTable) -> bool {
    (1..table.len()).all(|row| key(table, row - 1) < key(table, row))
}

fn sorted_order(table: &ConditionTable) -> Result<Vec<usize>, DuplicateHour> {
    let mut order: Vec<usize> = (0..table.len()).collect();
    // Stable, so that of two rows of one hour the earlier in the file is named first.
    order.sort_by_key(|&row| key(table, row));

    let mut pairs = order.windows(2).map(|pair| (pair[0], pair[1]));
    match pairs.find(|&(first, second)| key(table, first) == key(table, second)) {
        None => Ok(order),
        Some((first, second)) => Err(DuplicateHour {
            station_id: table.stations[table.station[first] as usize].clone(),
            hour: table.hour[first],
            first: first as u64 + 1,
            second: second as u64 + 1,
        }),
    }
}

fn reorder<T: Copy>(column: &mut Vec<T>, order: &[usize]) {
    // `departures` stays empty in a table that has no target.
    if !column.is_empty() {
        *column = gather(column, order);
    }
}

fn gather<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&row| column[row]).collect()
}

fn reorder_table(table: &ConditionTable, order: &[usize]) -> ConditionTable {
    ConditionTable {
        stations: table.stations.clone(),
        station: gather(&table.station, order),
        hour: gather(&table.hour, order),

        temperature_c: gather(&table.temperature_c, order),
        apparent_temperature_c: gather(&table.apparent_temperature_c, order),
        relative_humidity_pct: gather(&table.relative_humidity_pct, order),
        wind_speed_kmh: gather(&table.wind_speed_kmh, order),
        precipitation_mm: gather(&table.precipitation_mm, order),
        weather_code: gather(&table.weather_code, order),

        is_public_holiday: gather(&table.is_public_holiday, order),
        is_school_holiday: gather(&table.is_school_holiday, order),
        event_count: gather(&table.event_count, order),
    }
}
