use chrono::{DateTime, TimeDelta, Utc};
use filrouge_api_client::data::StationItem;

use crate::data_api::LatestStations;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::wording::machine_time;

/// Past this age a report is no promise to a rider.
const OLD: TimeDelta = TimeDelta::minutes(30);

/// Bikes or docks that a few riders take in minutes: fewer is nearly none.
const FEW: u32 = 2;

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

    /// Text that a rider must read before walking there; none when there are bikes and docks enough.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        match (self.bikes, self.docks) {
            (None, _) | (_, None) => Some("stock-unknown"),
            (Some(0), Some(0)) => Some("stock-closed"),
            (Some(0), _) => Some("stock-no-bike"),
            (_, Some(0)) => Some("stock-no-dock"),
            (Some(1..=FEW), _) => Some("stock-few-bikes"),
            (_, Some(1..=FEW)) => Some("stock-few-docks"),
            _ => None,
        }
    }

    /// True where a bike is missing, or soon will.
    pub(crate) fn is_nearly_empty(&self) -> bool {
        matches!(self.warning(), Some("stock-no-bike" | "stock-few-bikes"))
    }

    /// True where a dock is missing, or soon will.
    pub(crate) fn is_nearly_full(&self) -> bool {
        matches!(self.warning(), Some("stock-no-dock" | "stock-few-docks"))
    }

    /// True when the last report is too old to be relied on.
    pub(crate) fn is_old(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.is_old)
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
