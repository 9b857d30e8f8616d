//! The rate at which riders want to leave a station: a good model can find it, an average cannot.

use filrouge_types::Hour;

use crate::calendar::local;
use crate::events::{Event, events_on};
use crate::geography::STATIONS;
use crate::incidents::World;

mod conditions;
mod effects;
mod profiles;

pub(crate) use conditions::{DateConditions, HourConditions, conditions};
pub(crate) use profiles::share as usual_share;

/// Departures wanted per hour at the station `index`, empty stations apart.
pub(crate) fn rate(index: usize, hour: &HourConditions<'_>, pull_of_events: f64) -> f64 {
    let site = &STATIONS[index];
    // Factors multiply: a rainy Sunday in August is each of the three.
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
    // Crowds overlap: the largest event decides.
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

#[cfg(test)]
mod tests;
