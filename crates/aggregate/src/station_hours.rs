//! From departures to the data set: one row for each station and each hour in which it was open and
//! its trips known.

use std::collections::BTreeMap;

use filrouge_dataset::{ConditionTable, Dataset};
use filrouge_types::{Hour, StationId};

use crate::hourly_counts::HourlyCounts;
use crate::hours::Hours;
use crate::source::events::Agenda;
use crate::stations::Stations;

/// Hours after the last known one of which the conditions are given.
pub(crate) const HOURS_AHEAD: i64 = 48;

/// A station that the web service does not list, and from which nobody left for longer, is closed.
// A month: works and winter empty a station for weeks.
const CLOSED_AFTER_HOURS: i64 = 30 * 24;

/// The whole system without a single trip for longer: the history is lacking, not the riders.
const LONGEST_SILENCE_HOURS: i64 = 7 * 24;

/// Rows of a data set: two thousand stations over ten years.
// A few trips, each of a station of its own and at either end of a century, ask for billions.
pub(crate) const MOST_ROWS: u64 = 200_000_000;

/// The hours of which the trips are known: from the first to the last, but for the silences
/// between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: Hour,
    /// Included.
    pub(crate) last: Hour,
    /// First and last hour of each silence.
    silences: Vec<(Hour, Hour)>,
}

/// The rows of one station: its index and its first and last hour.
struct Opening {
    station: usize,
    first: Hour,
    last: Hour,
}

/// The stations and hours that have rows, with the conditions of each.
pub(crate) struct Grid<'a> {
    pub(crate) stations: &'a Stations,
    pub(crate) hours: &'a Hours,
    pub(crate) agenda: Option<&'a Agenda>,
}

impl Span {
    /// The span of the trips, which ends at `until` when given, and else at the last complete hour:
    /// the last one in which a trip began if some trip ended after it, or else the one before.
    /// `None` without a complete hour.
    pub(crate) fn of(counts: &HourlyCounts, until: Option<Hour>) -> Option<Self> {
        let cells = || counts.departures.values().flatten().map(|&(hour, _)| hour);
        let (first, last_start) = (cells().min()?, cells().max()?);
        let hours = hours_among(first, last_start, cells());
        let is_complete = counts
            .last_end
            .is_some_and(|last_end| last_end > last_start);
        let last = until.unwrap_or(if is_complete {
            last_start
        } else {
            last_start - 1
        });

        let silent = |pair: &[Hour]| {
            (pair[1] - pair[0] - 1 > LONGEST_SILENCE_HOURS).then(|| (pair[0] + 1, pair[1] - 1))
        };
        let silences = hours.windows(2).filter_map(silent).collect();

        (first <= last).then_some(Self {
            first,
            last,
            silences,
        })
    }

    /// Hours of silence up to the last.
    pub(crate) fn silent_hours(&self) -> i64 {
        self.silences
            .iter()
            .map(|&(first, last)| (last.min(self.last) - first + 1).max(0))
            .sum()
    }

    /// The known hours from `first` to `last`.
    fn hours(&self, first: Hour, last: Hour) -> impl Iterator<Item = Hour> {
        let mut silences = self.silences.iter().copied().peekable();
        (0..=last - first)
            .map(move |step| first + step)
            .filter(move |&hour| {
                while silences.next_if(|&(_, last)| last < hour).is_some() {}
                silences.peek().is_none_or(|&(first, _)| hour < first)
            })
    }
}

/// The hours that occur, in order, all between `first` and `last`.
fn hours_among(first: Hour, last: Hour, hours: impl Iterator<Item = Hour>) -> Vec<Hour> {
    let mut occurs: Vec<bool> = (0..=last - first).map(|_| false).collect();
    hours.for_each(|hour| occurs[(hour - first) as usize] = true);
    (0..)
        .zip(occurs)
        .filter(|&(_, occurs)| occurs)
        .map(|(step, _)| first + step)
        .collect()
}

impl Grid<'_> {
    /// The data set.
    pub(crate) fn station_hours(
        &self,
        span: &Span,
        departures: &BTreeMap<StationId, Vec<(Hour, u32)>>,
    ) -> Dataset {
        let mut dataset = Dataset::default();

        for opening in self.openings(span, departures) {
            let cells = departures
                .get(self.id(opening.station))
                .map_or(&[][..], Vec::as_slice);
            let mut cells = cells.iter().peekable();
            let station = self.add_station(&mut dataset.conditions, opening.station);

            for hour in span.hours(opening.first, opening.last) {
                while cells.next_if(|&&(earlier, _)| earlier < hour).is_some() {}
                let count = cells
                    .next_if(|&&(same, _)| same == hour)
                    .map_or(0, |&(_, count)| count);
                dataset.departures.push(count);
                self.push(&mut dataset.conditions, station, opening.station, hour);
            }
        }

        dataset
    }

    /// The rows that the data set will have at most.
    pub(crate) fn rows(
        &self,
        span: &Span,
        departures: &BTreeMap<StationId, Vec<(Hour, u32)>>,
    ) -> u64 {
        let hours = |opening: &Opening| (opening.last - opening.first + 1).unsigned_abs();
        self.openings(span, departures).iter().map(hours).sum()
    }

    /// The conditions of the hours to come, for the stations that are open at the end.
    pub(crate) fn conditions(
        &self,
        span: &Span,
        departures: &BTreeMap<StationId, Vec<(Hour, u32)>>,
    ) -> ConditionTable {
        let mut table = ConditionTable::default();
        let openings = self
            .openings(span, departures)
            .into_iter()
            // A closed station has no hours to come.
            .filter(|opening| opening.last == span.last);
        for opening in openings {
            let station = self.add_station(&mut table, opening.station);
            for step in 1..=HOURS_AHEAD {
                self.push(&mut table, station, opening.station, span.last + step);
            }
        }

        table
    }

    fn openings(
        &self,
        span: &Span,
        departures: &BTreeMap<StationId, Vec<(Hour, u32)>>,
    ) -> Vec<Opening> {
        let cells = |station| {
            departures
                .get(self.id(station))
                .map_or(&[][..], Vec::as_slice)
        };

        let opening = |station| {
            let (first_trip, last_trip) = (cells(station).first(), cells(station).last());
            let opened = self.stations.opened_at[station].map(Hour::containing);
            let first = [opened, first_trip.map(|&(hour, _)| hour)]
                .into_iter()
                .flatten()
                .min()?
                .max(span.first);

            let is_closed = |&(hour, _): &(Hour, u32)| span.last - hour > CLOSED_AFTER_HOURS;
            let closed =
                last_trip.filter(|cell| !self.stations.is_in_service[station] && is_closed(cell));
            let last = closed.map_or(span.last, |&(hour, _)| hour.min(span.last));

            (first <= last).then_some(Opening {
                station,
                first,
                last,
            })
        };

        (0..self.stations.stations.len())
            .filter_map(opening)
            .collect()
    }

    fn id(&self, station: usize) -> &StationId {
        &self.stations.stations[station].station_id
    }

    /// The number that the station has in the table from now on.
    fn add_station(&self, table: &mut ConditionTable, station: usize) -> u32 {
        table.stations.push(self.id(station).clone());
        u32::try_from(table.stations.len() - 1).unwrap_or(u32::MAX)
    }

    /// Appends a row. Stations come in the order of identifiers, hours in that of time: the table
    /// stays sorted.
    fn push(&self, table: &mut ConditionTable, number: u32, station: usize, hour: Hour) {
        let conditions = self.hours.get(hour);
        let weather = conditions.weather;
        let float = |value: Option<f32>| value.unwrap_or(f32::NAN);

        table.station.push(number);
        table.hour.push(hour);
        table.temperature_c.push(float(weather.temperature_c));
        table
            .apparent_temperature_c
            .push(float(weather.apparent_temperature_c));
        table
            .relative_humidity_pct
            .push(float(weather.relative_humidity_pct));

        table.wind_speed_kmh.push(float(weather.wind_speed_kmh));
        table.precipitation_mm.push(float(weather.precipitation_mm));
        table.weather_code.push(weather.weather_code);
        table.is_public_holiday.push(conditions.is_public_holiday);
        table.is_school_holiday.push(conditions.is_school_holiday);
        table
            .event_count
            .push(self.agenda.and_then(|agenda| agenda.count(station, hour)));
    }
}

#[cfg(test)]
mod tests;
