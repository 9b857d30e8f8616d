//! How many riders want to leave a station: a rate that a good model can find and an average cannot.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use filrouge_types::Hour;

use crate::calendar::{PARIS, is_public_holiday, is_school_holiday, is_working_day};
use crate::events::{Event, events_on};
use crate::geography::{Character, STATIONS};
use crate::seed::Seed;
use crate::weather::{self, HourWeather};

mod effects;
mod profiles;

pub(crate) use profiles::share as usual_share;

/// What is the same for all stations on one local date.
#[derive(Debug)]
pub(crate) struct DateConditions {
    pub(crate) date: NaiveDate,
    pub(crate) is_working: bool,
    pub(crate) is_public_holiday: bool,
    pub(crate) is_school_holiday: bool,
}

/// What is the same for all stations during one hour.
#[derive(Debug)]
pub(crate) struct HourConditions<'a> {
    pub(crate) date: &'a DateConditions,
    /// Local, 0 to 23.
    pub(crate) hour_of_day: usize,
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
        * pull_of_events
}

/// How much the events that go on during `hour` multiply departures in a district.
pub(crate) fn pull(events: &[Event], district: usize, hour: Hour) -> f64 {
    let on = events.iter().filter(|event| event.district_index() == district && event.is_on_during(hour));
    on.map(Event::pull).fold(1.0, f64::max)
}

/// The rate at the station `index` during `hour`, from nothing but the seed.
pub(crate) fn rate_at(seed: Seed, index: usize, hour: Hour) -> f64 {
    let local = local(hour);
    let date = DateConditions::new(local.date_naive());
    let conditions = conditions(seed, &date, hour);
    rate(index, &conditions, pull(&events_on(seed, date.date), STATIONS[index].district, hour))
}

pub(crate) fn conditions<'a>(seed: Seed, date: &'a DateConditions, hour: Hour) -> HourConditions<'a> {
    HourConditions { date, hour_of_day: local(hour).hour() as usize, weather: weather::observed(seed, hour) }
}

pub(crate) fn local(hour: Hour) -> DateTime<Tz> {
    hour.start().with_timezone(&PARIS)
}

#[cfg(test)]
mod tests;
