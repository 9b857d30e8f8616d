use chrono::{DateTime, TimeDelta, Utc};

use crate::data_api::Availability;
use crate::wording::{age, machine_time};

/// Past this age a report no longer says what a rider will find.
const OLD: TimeDelta = TimeDelta::minutes(30);

/// What stands in a station, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    /// Bikes that can be taken.
    pub(crate) bikes: Option<u32>,
    /// Docks that can take a bike back.
    pub(crate) docks: Option<u32>,
    /// Number of docks.
    pub(crate) capacity: u32,
    /// When it was reported.
    pub(crate) report: Option<Report>,
}

/// When a station spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// How long ago, in words.
    pub(crate) age: String,
    /// The instant for programs.
    pub(crate) instant: String,
    /// Whether it is too old to be relied on.
    pub(crate) is_old: bool,
}

impl Stock {
    pub(crate) fn new(availability: &Availability, now: DateTime<Utc>) -> Self {
        Self {
            bikes: availability.bikes_available,
            docks: availability.docks_available,
            capacity: availability.station.capacity,
            report: availability
                .reported_at
                .map(|instant| Report::new(instant, now)),
        }
    }

    /// What a rider must know before walking there; nothing when there are both bikes and docks.
    pub(crate) fn warning(&self) -> Option<&'static str> {
        match (self.bikes, self.docks) {
            (None, _) | (_, None) => Some("état inconnu"),
            (Some(0), Some(0)) => Some("hors service"),
            (Some(0), _) => Some("aucun vélo"),
            (_, Some(0)) => Some("aucune place"),
            _ => None,
        }
    }

    /// The width of the gauge, in docks: never 0, which would not be a picture.
    pub(crate) fn gauge_width(&self) -> u32 {
        self.capacity.max(self.bikes.unwrap_or(0)).max(1)
    }
}

impl Report {
    pub(crate) fn new(instant: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            age: age(now - instant),
            instant: machine_time(instant),
            is_old: now - instant > OLD,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stock(bikes: Option<u32>, docks: Option<u32>) -> Stock {
        Stock {
            bikes,
            docks,
            capacity: 20,
            report: None,
        }
    }

    #[test]
    fn a_rider_is_warned_of_what_would_be_a_walk_for_nothing() {
        let cases = [
            (Some(3), Some(17), None),
            (Some(0), Some(20), Some("aucun vélo")),
            (Some(20), Some(0), Some("aucune place")),
            (Some(0), Some(0), Some("hors service")),
            (None, Some(4), Some("état inconnu")),
        ];
        for (bikes, docks, expected) in cases {
            assert_eq!(stock(bikes, docks).warning(), expected);
        }
    }

    #[test]
    fn the_gauge_holds_more_bikes_than_docks_and_no_docks_at_all() {
        assert_eq!(stock(Some(25), Some(0)).gauge_width(), 25);
        assert_eq!(
            Stock {
                capacity: 0,
                ..stock(None, None)
            }
            .gauge_width(),
            1
        );
    }

    #[test]
    fn a_report_is_old_after_half_an_hour() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        assert!(!Report::new(now - TimeDelta::minutes(30), now).is_old);
        assert!(Report::new(now - TimeDelta::minutes(31), now).is_old);
    }
}
