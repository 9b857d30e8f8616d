//! The city's agenda: a function of the seed and the date.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use filrouge_types::Hour;

use crate::calendar::PARIS;
use crate::geography::{DISTRICTS, VENUES};
use crate::seed::Seed;

mod programme;

/// Something that draws a crowd to one place for some hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `EVT-20260301-1`: the day and a number within it.
    pub event_id: String,
    /// French, as the agenda announces it.
    pub title: &'static str,
    /// The place and its district: `Grande Halle, La Confluence`. Every station of the district
    /// feels the event.
    pub place: String,
    /// Begins.
    pub starts_at: DateTime<Utc>,
    /// Ends, not included.
    pub ends_at: DateTime<Utc>,
    /// People expected.
    pub attendance: u32,
    district: usize,
}

impl Event {
    /// The name of the district where it takes place.
    pub fn district(&self) -> &'static str {
        DISTRICTS[self.district].name
    }

    pub(crate) const fn district_index(&self) -> usize {
        self.district
    }

    /// True when it goes on during some part of `hour`.
    pub fn is_on_during(&self, hour: Hour) -> bool {
        self.starts_at < (hour + 1).start() && self.ends_at > hour.start()
    }

    /// By how much departures nearby are multiplied while it goes on.
    pub(crate) fn pull(&self) -> f64 {
        1.0 + 2.0
            * (f64::from(self.attendance) / 5000.0)
                .sqrt()
                // A hundred people are still seen; a stadium does not multiply without end.
                .clamp(0.6, 1.25)
    }
}

/// The events that begin on `date`, local, in order of their beginning. All end before 03:00 of the
/// next day.
pub(crate) fn events_on(seed: Seed, date: NaiveDate) -> Vec<Event> {
    let mut chosen = programme::of_the_day(seed, date);
    chosen.sort_by_key(|slot| slot.opens);

    let event = |(number, slot): (usize, &programme::Slot)| {
        let venue = &VENUES[slot.venue];
        let starts_at = local(date, slot.opens);

        Event {
            event_id: format!("EVT-{}-{}", date.format("%Y%m%d"), number + 1),
            title: slot.title,
            place: format!("{}, {}", venue.name, DISTRICTS[venue.district].name),
            starts_at,
            ends_at: starts_at + TimeDelta::minutes(slot.minutes),
            attendance: slot.attendance,
            district: venue.district,
        }
    };

    chosen.iter().enumerate().map(event).collect()
}

/// Events begin between 7:00 and 21:00, when no clock changes.
fn local(date: NaiveDate, (hour, minute): (u32, u32)) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    PARIS
        .from_local_datetime(&date.and_time(time))
        .earliest()
        .map_or_else(Default::default, |at| at.to_utc())
}

#[cfg(test)]
mod tests;
