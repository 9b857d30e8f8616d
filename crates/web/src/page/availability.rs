use chrono::{DateTime, TimeDelta, Utc};
use filrouge_api_client::data::StationItem;

use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::wording::machine_time;

/// Past this age a report is no promise to a rider.
const OLD: TimeDelta = TimeDelta::minutes(30);

/// Bikes and docks of a station, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    /// Bikes that can be taken.
    pub(crate) bikes: Option<u32>,
    /// Docks that can take a bike back.
    pub(crate) docks: Option<u32>,
    /// Number of docks.
    pub(crate) capacity: u32,
    /// Instant of the report.
    pub(crate) report: Option<Report>,
}

/// The instant at which something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// Time since then, in words.
    pub(crate) age: String,
    /// The instant for programs.
    pub(crate) instant: String,
    /// True when it is too old to be relied on.
    pub(crate) is_old: bool,
}

impl Stock {
    pub(crate) fn new(t: &Frame, station: &StationItem, now: DateTime<Utc>) -> Self {
        Self {
            bikes: station.bikes_available,
            docks: station.docks_available,
            capacity: station.capacity,
            report: station
                .reported_at
                .map(|instant| Report::new(t, instant, now)),
        }
    }

    /// Text that a rider must read before walking there; none when there are both bikes and docks.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        match (self.bikes, self.docks) {
            (None, _) | (_, None) => Some("stock-unknown"),
            (Some(0), Some(0)) => Some("stock-closed"),
            (Some(0), _) => Some("stock-no-bike"),
            (_, Some(0)) => Some("stock-no-dock"),
            _ => None,
        }
    }

    /// The width of the gauge, in docks: never 0, which would not be a picture.
    pub(crate) fn gauge_width(&self) -> u32 {
        self.capacity.max(self.bikes.unwrap_or(0)).max(1)
    }

    /// The report in a sentence.
    pub(crate) fn report_sentence(&self, t: &Frame) -> Markup {
        match &self.report {
            None => t.markup("station-report-none", []),
            Some(report) if report.is_old => {
                t.markup("station-report-old", [("age", report.element())])
            }
            Some(report) => t.markup("station-report", [("age", report.element())]),
        }
    }
}

impl LatestStations {
    /// Age of the figures, when the data API no longer answers.
    pub(super) fn silent_since(&self, t: &Frame, now: DateTime<Utc>) -> Option<Report> {
        let report = || Report::new(t, self.stations.read_at, now);
        (!self.is_current).then(report)
    }
}

impl Report {
    pub(crate) fn new(t: &Frame, instant: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            age: t.age(now - instant),
            instant: machine_time(instant),
            is_old: now - instant > OLD,
        }
    }

    /// The sentence of figures that are shown because nothing newer can be read.
    pub(crate) fn silence(&self, t: &Frame) -> Markup {
        t.markup("silence-sentence", [("age", self.element())])
    }

    /// The age, with the instant for programs.
    pub(crate) fn element(&self) -> Markup {
        let Self { age, instant, .. } = self;
        Markup::trusted(format!("<time datetime=\"{instant}\">{age}</time>"))
    }
}

#[cfg(test)]
mod tests;
