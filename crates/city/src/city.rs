use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use filrouge_types::{Hour, Station, StationId};

use crate::day::{Bikes, Day, Trip, operating_date};
use crate::defects::DefectRates;
use crate::events::{Event, events_on};
use crate::flows::Flows;
use crate::geography::{station_index, stations};
use crate::incidents::{Incident, World};
use crate::seed::Seed;
use crate::weather::{self, HourWeather};
use crate::{demand, geography, publication};

/// Rivemont: everything that happens there is a function of the seed and the time. Clones share one
/// cache.
#[derive(Debug, Clone)]
pub struct City(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: World,
    rates: DefectRates,
    flows: Flows,
    stations: Vec<Station>,
    /// The day asked for last: the present is asked for again and again.
    day: Mutex<Option<Arc<Day>>>,
}

/// The bikes and docks of a station at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// The station, such as `RIV-001`.
    pub station_id: StationId,
    /// Bikes moved by the legs alone.
    pub classic_bikes: u16,
    /// Bikes with a motor.
    pub electric_bikes: u16,
    /// Docks that can take a bike.
    pub free_docks: u16,
}

impl City {
    /// The city of this seed, with the usual rate of defects in its publications.
    pub fn new(seed: u64) -> Self {
        Self::with_defects(seed, DefectRates::default())
    }

    /// The same city, publishing more or fewer defects. Its life does not change.
    pub fn with_defects(seed: u64, rates: DefectRates) -> Self {
        Self::build(
            World {
                seed: Seed(seed),
                incidents: Vec::new(),
            },
            rates,
        )
    }

    /// The same city, with faults and changes. Before the first incident nothing is different.
    #[must_use]
    pub fn with_incidents(&self, incidents: impl IntoIterator<Item = Incident>) -> Self {
        let incidents = incidents.into_iter().collect();
        Self::build(
            World {
                seed: self.0.world.seed,
                incidents,
            },
            self.0.rates,
        )
    }

    fn build(world: World, rates: DefectRates) -> Self {
        let day = Mutex::new(None);
        Self(Arc::new(Inner {
            world,
            rates,
            flows: Flows::new(),
            stations: stations(),
            day,
        }))
    }

    /// The first instant of the published past: the first day of the month, 24 months before that
    /// of `now`, UTC. It moves once a month, so that files of past months keep their content.
    pub fn history_start(now: DateTime<Utc>) -> DateTime<Utc> {
        publication::history_start(now, publication::HISTORY_MONTHS)
    }

    /// The stations, the same for every seed.
    pub fn stations(&self) -> &[Station] {
        &self.0.stations
    }

    /// The weather as it really is during `hour`, without the defects of the archive.
    pub fn weather(&self, hour: Hour) -> HourWeather {
        weather::observed(self.0.world.seed, hour)
    }

    /// The observation published for `hour`, defects of the archive apart: the truth, but for a
    /// sensor that is frozen or a unit that changed.
    pub fn published_weather(&self, hour: Hour) -> HourWeather {
        self.0.world.published_weather(hour)
    }

    /// The forecast of `hour` issued during `issued`; the observation when `hour` is not after
    /// `issued`.
    pub fn weather_forecast(&self, issued: Hour, hour: Hour) -> HourWeather {
        self.0.world.published_forecast(issued, hour)
    }

    /// The events that begin on a local date, in order.
    pub fn events_on(&self, date: NaiveDate) -> Vec<Event> {
        events_on(self.0.world.seed, date)
    }

    /// The mean number of departures that riders want from `station` during `hour`: the forecast of
    /// a perfect model. `None` for an unknown station.
    pub fn expected_departures(&self, station: &StationId, hour: Hour) -> Option<f64> {
        Some(demand::rate_at(
            &self.0.world,
            station_index(station)?,
            hour,
        ))
    }

    /// The departures from `station` during `hour`, defects of the files apart. `None` for an
    /// unknown station.
    pub fn true_departures(&self, station: &StationId, hour: Hour) -> Option<usize> {
        self.trips_of(station, hour, |trip| (trip.origin, trip.started_at))
    }

    /// The arrivals at `station` during `hour`. `None` for an unknown station.
    pub fn true_arrivals(&self, station: &StationId, hour: Hour) -> Option<usize> {
        // No trip crosses the opening of a day: those that end in the hour began the same day.
        self.trips_of(station, hour, |trip| (trip.destination, trip.ended_at))
    }

    /// The trips of which one end, a station and an instant in milliseconds, is there in the hour.
    fn trips_of(
        &self,
        station: &StationId,
        hour: Hour,
        end: impl Fn(&Trip) -> (usize, i64),
    ) -> Option<usize> {
        let index = station_index(station)?;
        let day = self.day(operating_date(hour.start()));
        let during = hour.start().timestamp_millis()..(hour + 1).start().timestamp_millis();

        let is_there = |trip: &&Trip| {
            let (place, instant) = end(trip);
            place == index && during.contains(&instant)
        };
        Some(day.trips.iter().filter(is_there).count())
    }

    /// The bikes and docks of each station at `instant`, in the order of [`City::stations`].
    pub fn availability(&self, instant: DateTime<Utc>) -> Vec<Availability> {
        let bikes = self
            .day(operating_date(instant))
            .bikes_at(instant.timestamp_millis());
        let of = |(index, bikes): (usize, Bikes)| Availability {
            station_id: self.0.stations[index].station_id.clone(),
            classic_bikes: bikes.classic,
            electric_bikes: bikes.electric,
            free_docks: geography::STATIONS[index].capacity - bikes.total(),
        };
        bikes.into_iter().enumerate().map(of).collect()
    }

    pub(crate) fn seed(&self) -> Seed {
        self.0.world.seed
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn rates(&self) -> DefectRates {
        self.0.rates
    }

    /// Simulates a day without keeping it: for those who need each day once.
    pub(crate) fn simulate(&self, date: NaiveDate) -> Day {
        Day::simulate(&self.0.world, &self.0.flows, date)
    }

    fn day(&self, date: NaiveDate) -> Arc<Day> {
        let mut known = self.0.day.lock().unwrap_or_else(PoisonError::into_inner);
        match known.as_ref().filter(|day| day.date == date) {
            Some(day) => Arc::clone(day),
            // Under the lock: two requests at once simulate the day once.
            None => Arc::clone(known.insert(Arc::new(self.simulate(date)))),
        }
    }
}

#[cfg(test)]
mod tests;
