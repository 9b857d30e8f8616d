//! Demand and conditions of every station, hour by hour.

use std::collections::HashMap;

use filrouge_types::{Conditions, Hour, StationHour, StationId};

mod conditions;
mod series;
#[cfg(test)]
mod tests;

pub use conditions::ConditionValues;
pub(crate) use series::Series;

/// Hours between the last demand that a forecast may read and the hour it forecasts: a day.
pub const HORIZON_HOURS: i64 = 24;

/// The longest stretch of hours one station may span: fifty years. A wrong date is then an error,
/// not a huge allocation.
const LONGEST_SPAN_HOURS: i64 = 50 * 366 * 24;

/// Demand where it was counted, conditions where they are known.
///
/// Rows come in any order, by pages or all at once; an hour without a row is unknown, which is not
/// zero.
#[derive(Debug, Clone, Default)]
pub struct History {
    timelines: Vec<Timeline>,
    positions: HashMap<StationId, usize>,
    system: Series,
}

/// One row to remember. `departures` is `NaN` when the hour has not been counted (a forecast hour).
#[derive(Debug, Clone, Copy)]
pub struct HistoryRow<'a> {
    /// The station; its first row gives it a position.
    pub station_id: &'a StationId,
    /// The hour, UTC.
    pub hour: Hour,
    /// Trips that began during the hour, or `NaN`.
    pub departures: f32,
    /// Conditions of the hour.
    pub conditions: ConditionValues,
}

/// A row that a history cannot hold.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HistoryError {
    /// The hour is so far from the others of its station that one of them must be wrong.
    #[error("station `{station_id}`: {hour} is more than fifty years away from its other hours")]
    SpanTooLong {
        /// The station.
        station_id: StationId,
        /// The hour that was refused.
        hour: Hour,
    },
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Timeline {
    pub(crate) demand: Series,
    conditions: Vec<ConditionValues>,
}

impl History {
    /// Remembers `rows`. A later value replaces an earlier one; a missing value never erases a
    /// known one.
    ///
    /// # Errors
    /// [`HistoryError::SpanTooLong`] names the row; the rows before it are kept.
    pub fn extend<'a>(
        &mut self,
        rows: impl IntoIterator<Item = HistoryRow<'a>>,
    ) -> Result<(), HistoryError> {
        // Rows of a station follow each other in most sources: one look-up then serves them all.
        let mut current: Option<(&StationId, usize)> = None;
        let mut result = Ok(());

        for row in rows {
            let position = match current {
                Some((station_id, position)) if station_id == row.station_id => position,
                _ => self.position_of(row.station_id),
            };
            current = Some((row.station_id, position));

            result = self.timelines[position].record(&row);
            if result.is_err() {
                break;
            }
        }

        self.refresh();
        result
    }

    /// Remembers counted hours, such as a page of the data API.
    ///
    /// # Errors
    /// As [`History::extend`].
    pub fn extend_station_hours<'a>(
        &mut self,
        rows: impl IntoIterator<Item = &'a StationHour>,
    ) -> Result<(), HistoryError> {
        self.extend(rows.into_iter().map(|row| HistoryRow {
            station_id: &row.conditions.station_id,
            hour: row.conditions.hour,
            departures: row.departures as f32,
            conditions: ConditionValues::from(&row.conditions),
        }))
    }

    /// Remembers the conditions of hours that are not counted yet, such as forecasts.
    ///
    /// # Errors
    /// As [`History::extend`].
    pub fn extend_conditions<'a>(
        &mut self,
        rows: impl IntoIterator<Item = &'a Conditions>,
    ) -> Result<(), HistoryError> {
        self.extend(rows.into_iter().map(|row| HistoryRow {
            station_id: &row.station_id,
            hour: row.hour,
            departures: f32::NAN,
            conditions: ConditionValues::from(row),
        }))
    }

    /// Drops the hours before `hour`, so that a service that runs for months keeps a constant size.
    pub fn forget_before(&mut self, hour: Hour) {
        for timeline in &mut self.timelines {
            timeline.forget_before(hour);
        }
        self.refresh();
    }

    /// Departures of `station` during `hour`, or `NaN`.
    pub fn departures(&self, station: &StationId, hour: Hour) -> f32 {
        self.timeline(station)
            .map_or(f32::NAN, |timeline| timeline.demand.at(hour))
    }

    /// Conditions of `station` during `hour`; all missing when none were given.
    pub fn conditions(&self, station: &StationId, hour: Hour) -> ConditionValues {
        self.timeline(station)
            .map_or(ConditionValues::MISSING, |timeline| {
                timeline.conditions_at(hour)
            })
    }

    /// Conditions that all the stations share: those of the first station that knows any of this
    /// hour.
    pub fn shared_conditions(&self, hour: Hour) -> ConditionValues {
        self.timelines
            .iter()
            .map(|timeline| timeline.conditions_at(hour))
            .find(ConditionValues::has_any)
            .unwrap_or(ConditionValues::MISSING)
    }

    /// True when `hour` is one of a public holiday, as far as any station tells.
    pub(crate) fn is_public_holiday(&self, hour: Hour) -> bool {
        self.shared_conditions(hour).is_public_holiday == 1.0
    }

    /// Share of the stations, 0 to 1, that are near an event during `hour`; none is where nothing
    /// is known of events.
    pub fn event_share(&self, hour: Hour) -> f64 {
        let near = self
            .timelines
            .iter()
            .filter(|timeline| timeline.conditions_at(hour).event_count > 0.0)
            .count();
        near as f64 / self.timelines.len().max(1) as f64
    }

    /// Every hour with the mean departures of the stations counted in it, `NaN` where none was.
    pub fn system_hours(&self) -> impl Iterator<Item = (Hour, f32)> {
        self.system.hours()
    }

    /// The first hour that any station knows of, and the hour after the last one.
    pub(crate) fn system_span(&self) -> (Hour, Hour) {
        self.system.span()
    }

    /// Number of stations.
    pub(crate) fn station_count(&self) -> usize {
        self.timelines.len()
    }

    /// The stations, in the order in which they were first met.
    pub fn stations(&self) -> impl Iterator<Item = &StationId> {
        let mut stations: Vec<_> = self.positions.iter().collect();
        // A hash map has another order at each start; training must not.
        stations.sort_unstable_by_key(|(_, position)| **position);
        stations.into_iter().map(|(station, _)| station)
    }

    /// The hours of `station` that were counted, in order, with their departures and conditions.
    pub fn counted_hours(
        &self,
        station: &StationId,
    ) -> impl Iterator<Item = (Hour, f32, ConditionValues)> {
        self.timeline(station).into_iter().flat_map(|timeline| {
            let counted = timeline
                .demand
                .hours()
                .zip(&timeline.conditions)
                .filter(|((_, departures), _)| !departures.is_nan());
            counted.map(|((hour, departures), conditions)| (hour, departures, *conditions))
        })
    }

    /// The last hour of which any station's demand is known.
    pub fn last_counted_hour(&self) -> Option<Hour> {
        self.timelines
            .iter()
            .filter_map(|timeline| timeline.demand.last_counted_hour())
            .max()
    }

    /// Mean demand of the stations counted in each hour.
    pub(crate) fn system(&self) -> &Series {
        &self.system
    }

    pub(crate) fn timeline(&self, station: &StationId) -> Option<&Timeline> {
        self.positions
            .get(station)
            .map(|position| &self.timelines[*position])
    }

    fn position_of(&mut self, station: &StationId) -> usize {
        if let Some(position) = self.positions.get(station) {
            return *position;
        }

        let position = self.timelines.len();
        self.timelines.push(Timeline::default());
        self.positions.insert(station.clone(), position);
        position
    }

    fn refresh(&mut self) {
        for timeline in &mut self.timelines {
            timeline.demand.refresh();
        }

        // From nothing: a station that is forgotten leaves every mean that it was in.
        self.system = Series::mean_of(self.timelines.iter().map(|timeline| &timeline.demand));
    }
}

impl Timeline {
    pub(crate) fn conditions_at(&self, hour: Hour) -> ConditionValues {
        self.demand
            .offset(hour)
            .map_or(ConditionValues::MISSING, |offset| self.conditions[offset])
    }

    fn record(&mut self, row: &HistoryRow<'_>) -> Result<(), HistoryError> {
        if self.demand.span_with(row.hour) > LONGEST_SPAN_HOURS {
            return Err(HistoryError::SpanTooLong {
                station_id: row.station_id.clone(),
                hour: row.hour,
            });
        }

        let prepended = self.demand.reach(row.hour);
        let missing = std::iter::repeat_n(ConditionValues::MISSING, prepended);
        self.conditions.splice(0..0, missing);
        self.conditions
            .resize(self.demand.len(), ConditionValues::MISSING);

        if let Some(offset) = self.demand.offset(row.hour) {
            self.demand.set(offset, row.departures);
            self.conditions[offset].update(&row.conditions);
        }

        Ok(())
    }

    fn forget_before(&mut self, hour: Hour) {
        let dropped = self.demand.forget_before(hour);
        self.conditions.drain(..dropped);
    }
}
