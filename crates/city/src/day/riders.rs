//! The riders of a day, before it is known whether they find a bike.

use chrono::{Datelike, NaiveDate, TimeDelta};
use filrouge_types::Hour;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

use super::bounds::opening;
use super::trip::Vehicle;
use crate::calendar::local;
use crate::demand::{DateConditions, HourConditions, conditions, pull, rate};
use crate::events::{Event, events_on};
use crate::flows::Flows;
use crate::geography::{STATIONS, distance_km};
use crate::incidents::World;
use crate::seed::Stream;

/// A rider who wants to leave a station.
pub(super) struct Rider {
    /// Milliseconds since 1970.
    pub(super) at: i64,
    pub(super) origin: usize,
    pub(super) destination: usize,
    pub(super) preferred: Vehicle,
    pub(super) is_member: bool,
    /// From slow to fast, around 1.
    pub(super) pace: f64,
}

/// The longest ride before a full station sends its rider elsewhere, in milliseconds.
const LONGEST: f64 = 50.0 * 60_000.0;

impl Rider {
    /// Milliseconds from `origin` to `destination`.
    pub(super) fn ride(&self, vehicle: Vehicle) -> i64 {
        let speed_kmh = match vehicle {
            Vehicle::Classic => 13.0,
            Vehicle::Electric => 17.5,
        };
        // Streets are a third longer than the crow flies, and a bike takes a minute to unlock.
        let kilometres = 1.33 * distance_km(&STATIONS[self.origin], &STATIONS[self.destination]);
        (60_000.0 + kilometres / speed_kmh * 3_600_000.0 / self.pace).min(LONGEST) as i64
    }
}

/// All riders of the operating day `date`, in order of their coming.
pub(super) fn riders(world: &World, flows: &Flows, date: NaiveDate) -> Vec<Rider> {
    let mut chance = world
        .seed
        .generator(Stream::Day, i64::from(date.num_days_from_ce()));
    let events = events_on(world.seed, date);
    let mut dates = [date, date + TimeDelta::days(1)]
        .map(DateConditions::new)
        .into_iter();

    let mut of_date = dates.next();
    let mut riders = Vec::new();

    for hour in hours(date) {
        if of_date
            .as_ref()
            .is_some_and(|known| known.date != local(hour).date_naive())
        {
            of_date = dates.next();
        }
        let Some(of_date) = &of_date else { break };
        let conditions = conditions(world, of_date, hour);
        let crowd = Crowd {
            flows,
            events: &events,
            conditions: &conditions,
            hour,
        };
        (0..STATIONS.len()).for_each(|origin| crowd.leave(origin, &mut chance, &mut riders));
    }

    // Drawn station by station, they must meet the bikes in the order of time.
    riders.sort_by_key(|rider| (rider.at, rider.origin));
    riders
}

/// The hours of an operating day: 23, 24 or 25.
fn hours(date: NaiveDate) -> impl Iterator<Item = Hour> {
    let first = Hour::containing(opening(date));
    let after = Hour::containing(opening(date + TimeDelta::days(1)));
    (0..after - first).map(move |hours| first + hours)
}

struct Crowd<'a> {
    flows: &'a Flows,
    events: &'a [Event],
    conditions: &'a HourConditions<'a>,
    hour: Hour,
}

impl Crowd<'_> {
    fn leave(&self, origin: usize, chance: &mut ChaCha8Rng, riders: &mut Vec<Rider>) {
        let rate = rate(
            origin,
            self.conditions,
            pull(self.events, STATIONS[origin].district, self.hour),
        );
        // A rate of zero is no distribution: nobody comes.
        let Ok(poisson) = Poisson::new(rate) else {
            return;
        };
        let count = poisson.sample(chance) as usize;
        riders.extend((0..count).map(|_| self.rider(origin, chance)));
    }

    fn rider(&self, origin: usize, chance: &mut ChaCha8Rng) -> Rider {
        let date = self.conditions.date;
        let at = self.hour.start().timestamp_millis() + chance.random_range(0..3_600_000);

        // Drawn even when an event decides: the draws that follow do not depend on it.
        let usual = self.flows.destination(
            origin,
            date.is_working,
            self.conditions.hour_of_day,
            chance.random(),
        );

        let drawn = self
            .to_an_event(chance)
            .filter(|station| *station != origin);

        Rider {
            at,
            origin,
            destination: drawn.unwrap_or(usual),
            preferred: if chance.random_bool(0.38) {
                Vehicle::Electric
            } else {
                Vehicle::Classic
            },
            is_member: chance.random_bool(if date.is_working { 0.84 } else { 0.6 }),
            pace: chance.random_range(0.65..1.2),
        }
    }

    /// Some go where something goes on, from one hour before it begins until one hour before it
    /// ends.
    fn to_an_event(&self, chance: &mut ChaCha8Rng) -> Option<usize> {
        let coming = |event: &&Event| event.is_on_during(self.hour + 1);
        // When several go on, the one that began last draws.
        let event = self.events.iter().rfind(coming)?;
        let district = event.district_index();
        let near: Vec<usize> = (0..STATIONS.len())
            .filter(|index| STATIONS[*index].district == district)
            .collect();
        chance
            .random_bool((0.09 * event.pull()).min(1.0))
            .then(|| near[chance.random_range(0..near.len())])
    }
}
