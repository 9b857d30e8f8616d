//! The rate at which riders want to leave a station: a good model can find it, an average cannot.

use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;
use filrouge_types::Hour;

use crate::calendar::{PARIS, is_public_holiday, is_school_holiday, is_working_day};
use crate::events::{Event, events_on};
use crate::geography::{Character, STATIONS};
use crate::incidents::World;
use crate::weather::{self, HourWeather};

mod effects;
mod profiles;

pub(crate) use profiles::share as usual_share;

/// Conditions shared by all stations on one local date.
#[derive(Debug)]
pub(crate) struct DateConditions {
    pub(crate) date: NaiveDate,
    pub(crate) is_working: bool,
    pub(crate) is_public_holiday: bool,
    pub(crate) is_school_holiday: bool,
}

/// Conditions shared by all stations during one hour.
#[derive(Debug)]
pub(crate) struct HourConditions<'a> {
    pub(crate) date: &'a DateConditions,
    /// Local, 0 to 23: that of the habits which riders follow.
    pub(crate) hour_of_day: usize,
    /// By how much an incident multiplies demand.
    pub(crate) demand_factor: f64,
    pub(crate) weather: HourWeather,
}

impl DateConditions {
    pub(crate) fn new(date: NaiveDate) -> Self {
        Self {
            date,
            is_working: is_working_day(date),
            is_public_holiday: is_public_holiday(date),
            is_school_holiday: is_school_holiday(date),
        }
    }
}

/// Departures wanted per hour at the station `index`, empty stations apart.
pub(crate) fn rate(index: usize, hour: &HourConditions<'_>, pull_of_events: f64) -> f64 {
    let site = &STATIONS[index];
    site.volume
        * profiles::share(site.character, hour.date.is_working, hour.hour_of_day)
        * effects::weekday(site.character, hour)
        * effects::calendar(site.character, hour.date)
        * effects::weather(site.character, hour)
        * effects::growth(hour.date.date)
        * hour.demand_factor
        * pull_of_events
}

/// The factor by which events under way during `hour` multiply departures in a district.
pub(crate) fn pull(events: &[Event], district: usize, hour: Hour) -> f64 {
    let on = events
        .iter()
        .filter(|event| event.district_index() == district && event.is_on_during(hour));
    on.map(Event::pull).fold(1.0, f64::max)
}

/// The rate at the station `index` during `hour`, from nothing but the seed and the incidents.
pub(crate) fn rate_at(world: &World, index: usize, hour: Hour) -> f64 {
    let local = local(hour);
    let date = DateConditions::new(local.date_naive());
    let conditions = conditions(world, &date, hour);
    rate(
        index,
        &conditions,
        pull(
            &events_on(world.seed, date.date),
            STATIONS[index].district,
            hour,
        ),
    )
}

pub(crate) fn conditions<'a>(
    world: &World,
    date: &'a DateConditions,
    hour: Hour,
) -> HourConditions<'a> {
    HourConditions {
        date,
        hour_of_day: world.habitual_hour(hour),
        demand_factor: world.demand_factor(hour),
        weather: weather::observed(world.seed, hour),
    }
}

pub(crate) fn local(hour: Hour) -> DateTime<Tz> {
    hour.start().with_timezone(&PARIS)
}

#[cfg(test)]
mod tests;
