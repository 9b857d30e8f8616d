//! One operating day, from 03:00 to 03:00 local: a pure function of the seed and the date.
//!
//! At 03:00 trucks put the bikes back where the next day begins, and every trip is over: so no day
//! depends on the one before, and the world at any instant is one day simulated up to that instant.
//! Clocks never change between 03:00 and 03:00 in a way that makes the bounds ambiguous: they
//! change at 02:00 or 03:00, and 03:00 exists once every day.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

use crate::calendar::PARIS;
use crate::flows::Flows;
use crate::incidents::World;

mod bikes;
mod riders;
mod run;

pub(crate) use bikes::{Bikes, at_opening};

/// The vehicle of a rider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vehicle {
    Classic,
    Electric,
}

impl Vehicle {
    /// As GBFS and the trip files name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic_bike",
            Self::Electric => "electric_bike",
        }
    }
}

/// One trip. Instants are in milliseconds since 1970, UTC; stations are indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trip {
    pub(crate) started_at: i64,
    pub(crate) ended_at: i64,
    pub(crate) origin: usize,
    pub(crate) destination: usize,
    pub(crate) vehicle: Vehicle,
    pub(crate) is_member: bool,
}

/// A whole operating day.
#[derive(Debug, PartialEq)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    pub(crate) at_opening: Vec<Bikes>,
    /// In order of departure.
    pub(crate) trips: Vec<Trip>,
    /// Riders who found no bike.
    pub(crate) turned_away: usize,
}

impl Day {
    pub(crate) fn simulate(world: &World, flows: &Flows, date: NaiveDate) -> Self {
        run::run(world, flows, date)
    }

    /// Bikes at each station at `instant` (milliseconds since 1970): those on the road are at none.
    pub(crate) fn bikes_at(&self, instant: i64) -> Vec<Bikes> {
        let mut bikes = self.at_opening.clone();
        for trip in &self.trips {
            if trip.started_at <= instant {
                bikes[trip.origin].remove(trip.vehicle);
            }
            if trip.ended_at <= instant {
                bikes[trip.destination].add(trip.vehicle);
            }
        }
        bikes
    }
}

/// The instant at which the operating day `date` opens: 03:00 local.
pub(crate) fn opening(date: NaiveDate) -> DateTime<Utc> {
    let three = NaiveTime::from_hms_opt(3, 0, 0).unwrap_or_default();
    PARIS
        .from_local_datetime(&date.and_time(three))
        .latest()
        .map_or_else(Default::default, |at| at.to_utc())
}

/// The operating day that `instant` belongs to.
pub(crate) fn operating_date(instant: DateTime<Utc>) -> NaiveDate {
    let date = instant.with_timezone(&PARIS).date_naive();
    if instant < opening(date) {
        date - TimeDelta::days(1)
    } else {
        date
    }
}

#[cfg(test)]
mod tests;
