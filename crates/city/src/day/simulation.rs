//! Riders meet bikes: the only part of the day where one thing depends on another.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{NaiveDate, TimeDelta};

use super::bikes::{Bikes, at_opening};
use super::bounds::opening;
use super::riders::{Rider, riders};
use super::trip::{Trip, Vehicle};
use crate::calendar::is_working_day;
use crate::flows::Flows;
use crate::geography::{STATIONS, distance_km};
use crate::incidents::World;

/// A trip lasts less than one hour, so that an hour's trips are all known one hour after it ends.
const LONGEST: i64 = 59 * 60_000;

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
    /// Lets the riders of `date` meet the bikes, in order of their coming.
    pub(crate) fn simulate(world: &World, flows: &Flows, date: NaiveDate) -> Self {
        let at_opening = at_opening(is_working_day(date));
        let mut streets = Streets {
            bikes: at_opening.clone(),
            trips: Vec::new(),
            on_the_road: BinaryHeap::new(),
            closes_at: opening(date + TimeDelta::days(1)).timestamp_millis(),
        };

        let mut turned_away = 0;

        for rider in riders(world, flows, date) {
            streets.arrive_until(rider.at);
            turned_away += usize::from(!streets.depart(&rider));
        }

        // Bikes on the road at closing time arrive too: the fleet is whole.
        streets.arrive_until(streets.closes_at);
        Day {
            date,
            at_opening,
            trips: streets.trips,
            turned_away,
        }
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

struct Streets {
    bikes: Vec<Bikes>,
    trips: Vec<Trip>,
    /// Instant of arrival, and the trip.
    on_the_road: BinaryHeap<Reverse<(i64, usize)>>,
    closes_at: i64,
}

impl Streets {
    /// True when the rider found a bike, and the time to ride it before the system closes.
    fn depart(&mut self, rider: &Rider) -> bool {
        let Some(vehicle) = self.choose(rider) else {
            return false;
        };
        let ended_at = rider.at + rider.ride(vehicle);
        // No trip crosses 03:00, so that no day depends on the one before.
        if ended_at >= self.closes_at {
            return false;
        }

        self.bikes[rider.origin].remove(vehicle);
        self.on_the_road.push(Reverse((ended_at, self.trips.len())));

        let Rider {
            at: started_at,
            origin,
            destination,
            is_member,
            ..
        } = *rider;

        self.trips.push(Trip {
            started_at,
            ended_at,
            origin,
            destination,
            vehicle,
            is_member,
        });

        true
    }

    fn choose(&self, rider: &Rider) -> Option<Vehicle> {
        let here = self.bikes[rider.origin];
        // Any bike is better than none.
        [rider.preferred, Vehicle::Classic, Vehicle::Electric]
            .into_iter()
            .find(|vehicle| here.has(*vehicle))
    }

    fn arrive_until(&mut self, instant: i64) {
        while let Some(Reverse((at, trip))) = self.next_arrival(instant) {
            self.arrive(at, trip);
        }
    }

    fn next_arrival(&mut self, until: i64) -> Option<Reverse<(i64, usize)>> {
        let Reverse((at, _)) = self.on_the_road.peek()?;
        if *at <= until {
            self.on_the_road.pop()
        } else {
            None
        }
    }

    fn arrive(&mut self, at: i64, trip: usize) {
        let Trip {
            destination,
            vehicle,
            ..
        } = self.trips[trip];
        if self.is_full(destination) {
            self.go_elsewhere(at, trip);
        } else {
            self.trips[trip].ended_at = at;
            self.bikes[destination].add(vehicle);
        }
    }

    /// To the nearest station with a free dock; there are always more docks than bikes.
    fn go_elsewhere(&mut self, at: i64, trip: usize) {
        let full = self.trips[trip].destination;
        let distance = |index: &usize| distance_km(&STATIONS[full], &STATIONS[*index]);
        let free = (0..STATIONS.len()).filter(|index| !self.is_full(*index));
        let Some(nearest) = free.min_by(|one, other| distance(one).total_cmp(&distance(other)))
        else {
            return;
        };

        // Half a minute lost in front of full docks, then 10 km/h.
        let arrival = at + 30_000 + (distance(&nearest) * 360_000.0) as i64;
        let latest = (self.trips[trip].started_at + LONGEST).min(self.closes_at - 1000);

        self.trips[trip].destination = nearest;
        self.on_the_road
            // Pushed back rather than parked: the nearest station may fill meanwhile.
            .push(Reverse((arrival.min(latest).max(at), trip)));
    }

    fn is_full(&self, index: usize) -> bool {
        self.bikes[index].total() >= STATIONS[index].capacity
    }
}
