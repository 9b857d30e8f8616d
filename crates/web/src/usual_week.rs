//! The usual week of a station: what it counted at the same hours of the weeks before. It asks
//! nothing of the model, so that it is there when the model is not.

use std::collections::HashMap;

use chrono::{Datelike, Timelike, Weekday};
use chrono_tz::Tz;
use filrouge_types::Hour;
use serde::Deserialize;

/// Weeks that are looked back at: enough for a habit, too few for another season.
pub(crate) const WEEKS: i64 = 4;

/// Hours of a week.
const HOURS_OF_A_WEEK: i64 = 7 * 24;

/// The departures of one past hour, as the data API counted them.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(crate) struct CountedHour {
    pub(crate) hour: Hour,
    pub(crate) departures: u32,
}

/// An hour to come, as it usually is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct UsualHour {
    pub(crate) hour: Hour,
    /// Mean of the departures.
    pub(crate) mean: f32,
    pub(crate) fewest: u32,
    pub(crate) most: u32,
}

/// The hours to come of a station, as they usually are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UsualWeek {
    /// In the order of time; those that no week before counted are left out.
    pub(crate) hours: Vec<UsualHour>,
    /// The last hour that was counted.
    pub(crate) last_counted_hour: Hour,
}

impl UsualWeek {
    /// The first hour that is looked back at from `now`.
    pub(crate) fn looks_back_to(now: Hour) -> Hour {
        now - WEEKS * HOURS_OF_A_WEEK
    }

    /// The hours `ahead` beside the same ones of the weeks `counted`, on the clock of `zone`; nothing
    /// when none was counted.
    pub(crate) fn new(
        ahead: impl Iterator<Item = Hour>,
        counted: &[CountedHour],
        zone: Tz,
    ) -> Option<Self> {
        let mut habits: HashMap<(Weekday, u32), Vec<u32>> = HashMap::new();
        for past in counted {
            let departures = habits.entry(moment(past.hour, zone)).or_default();
            departures.push(past.departures);
        }

        let hours: Vec<UsualHour> = ahead
            .filter_map(|hour| usual(hour, habits.get(&moment(hour, zone))?))
            .collect();
        let last_counted_hour = counted.iter().map(|past| past.hour).max()?;
        (!hours.is_empty()).then_some(Self {
            hours,
            last_counted_hour,
        })
    }
}

/// The place of an hour in the week that people live by.
fn moment(hour: Hour, zone: Tz) -> (Weekday, u32) {
    let local = hour.start().with_timezone(&zone);
    (local.weekday(), local.hour())
}

fn usual(hour: Hour, departures: &[u32]) -> Option<UsualHour> {
    let sum: u32 = departures.iter().sum();
    Some(UsualHour {
        hour,
        mean: sum as f32 / departures.len() as f32,
        fewest: *departures.iter().min()?,
        most: *departures.iter().max()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(text: &str) -> Hour {
        Hour::containing(text.parse().unwrap())
    }

    fn counted(text: &str, departures: u32) -> CountedHour {
        CountedHour {
            hour: hour(text),
            departures,
        }
    }

    #[test]
    fn an_hour_is_usually_the_mean_of_the_same_hour_of_the_weeks_before() {
        let past = [
            counted("2026-03-02T08:00:00Z", 4),
            counted("2026-03-09T08:00:00Z", 9),
            counted("2026-03-10T08:00:00Z", 100),
            counted("2026-03-16T08:00:00Z", 5),
        ];
        let now = hour("2026-03-23T08:00:00Z");
        let usual = UsualWeek::new([now, now + 1].into_iter(), &past, Tz::UTC).unwrap();

        let expected = UsualHour {
            hour: now,
            mean: 6.0,
            fewest: 4,
            most: 9,
        };
        assert_eq!(usual.hours, [expected]);
        assert_eq!(usual.last_counted_hour, past[3].hour);
    }

    #[test]
    fn the_clock_is_that_of_riders_when_summer_begins() {
        // 8 h in Paris before the change of hour, then after it.
        let past = [counted("2026-03-23T07:00:00Z", 12)];
        let ahead = hour("2026-03-30T06:00:00Z");
        let usual = UsualWeek::new([ahead].into_iter(), &past, chrono_tz::Europe::Paris);
        assert_eq!(usual.unwrap().hours[0].mean, 12.0);
    }

    #[test]
    fn a_station_that_was_never_counted_has_no_habit() {
        let now = hour("2026-03-23T08:00:00Z");
        assert_eq!(UsualWeek::new([now].into_iter(), &[], Tz::UTC), None);
    }

    #[test]
    fn four_weeks_fit_in_one_page_of_the_data_api() {
        const { assert!(WEEKS * HOURS_OF_A_WEEK <= 1000) };
    }
}
