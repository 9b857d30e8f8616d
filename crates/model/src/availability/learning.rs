use std::collections::BTreeMap;

use chrono_tz::Tz;
use filrouge_types::{Hour, StationId};

use super::chances::Stock;
use super::profile::{AvailabilityProfile, UsualHour};

/// A station counts as open for this share of an hour at least: a rate is never divided by nothing.
const LEAST_OPEN: f64 = 0.2;

/// Bikes that a truck must move for its passage to be seen: one bike may be a report that came late.
const SEEN: f64 = 2.0;

/// One hour of a station that is over.
#[derive(Debug, Clone)]
pub struct ObservedHour {
    /// The station that was observed.
    pub station_id: StationId,
    /// Its first instant, UTC.
    pub hour: Hour,
    /// True on a public holiday.
    pub is_public_holiday: bool,
    /// Bikes and docks at its beginning.
    pub before: Stock,
    /// Bikes and docks at its end.
    pub after: Stock,
    /// Trips that began.
    pub departures: u32,
    /// Trips that ended.
    pub arrivals: u32,
}

/// Learns the habits of the stations from hours that are over, and the hours at which trucks pass.
pub fn learn_availability(observed: &[ObservedHour], time_zone: Tz) -> AvailabilityProfile {
    let hours = || observed.iter().map(|row| row.hour);
    let first = hours().min().unwrap_or_default();
    let until = hours().max().map_or(first, |last| last + 1);
    let mut profile = AvailabilityProfile::empty(time_zone, first, until);

    let mut sums: BTreeMap<(&StationId, bool, usize), Sums> = BTreeMap::new();
    for row in observed {
        let (is_working, hour_of_day) = profile.moment(row.hour, row.is_public_holiday);
        let key = (&row.station_id, is_working, hour_of_day);
        sums.entry(key).or_default().add(row);
    }
    for ((station, is_working, hour_of_day), sums) in &sums {
        profile.set(station, *is_working, *hour_of_day, sums.usual());
    }

    profile.rebalanced = rebalanced(&profile, observed);
    profile
}

/// Sums over the hours of one cell of a profile.
#[derive(Default)]
struct Sums {
    rows: f64,
    departures: f64,
    arrivals: f64,
    /// Hours during which there was a bike.
    with_bikes: f64,
    /// Hours during which there was a dock.
    with_docks: f64,
    bikes: f64,
    bikes_squared: f64,
}

impl Sums {
    fn add(&mut self, row: &ObservedHour) {
        let bikes = f64::from(row.before.bikes);
        self.rows += 1.0;
        self.departures += f64::from(row.departures);
        self.arrivals += f64::from(row.arrivals);
        self.with_bikes += open(row.before.bikes, row.after.bikes);
        self.with_docks += open(row.before.docks, row.after.docks);
        self.bikes += bikes;
        self.bikes_squared += bikes * bikes;
    }

    fn usual(&self) -> UsualHour {
        let mean = self.bikes / self.rows;
        let variance = self.bikes_squared / self.rows - mean * mean;
        UsualHour {
            departures: thousandths(self.departures / self.rows),
            wanted_departures: thousandths(self.departures / self.with_bikes),
            wanted_arrivals: thousandths(self.arrivals / self.with_docks),
            bikes: thousandths(mean),
            bikes_deviation: thousandths(variance.max(0.0).sqrt()),
        }
    }
}

/// Share of an hour during which there was one, from the counts at both ends.
fn open(before: u32, after: u32) -> f64 {
    let ends = f64::from(u8::from(before > 0)) + f64::from(u8::from(after > 0));
    (ends / 2.0).max(LEAST_OPEN)
}

/// The share of the stations that trucks put back, by hour of the day: of the hours at which their
/// passage would be seen, those that ended nearer to the usual number of bikes than to the one that
/// the trips explain.
fn rebalanced(profile: &AvailabilityProfile, observed: &[ObservedHour]) -> Vec<f64> {
    let mut seen = [(0_u32, 0_u32); 24];
    for row in observed {
        let (_, hour_of_day) = profile.moment(row.hour, row.is_public_holiday);
        if let Some(has_passed) = truck_has_passed(profile, row) {
            let (rows, passages) = &mut seen[hour_of_day];
            *rows += 1;
            *passages += u32::from(has_passed);
        }
    }

    let share = |(rows, passages): &(u32, u32)| f64::from(*passages) / f64::from(*rows).max(1.0);
    seen.iter().map(|seen| thousandths(share(seen))).collect()
}

/// Nothing where a truck would change too little to be seen.
fn truck_has_passed(profile: &AvailabilityProfile, row: &ObservedHour) -> Option<bool> {
    let usual = profile
        .usual(&row.station_id, row.hour + 1, row.is_public_holiday)?
        .bikes;
    let ridden = f64::from(row.before.bikes) + f64::from(row.arrivals) - f64::from(row.departures);
    let ridden = ridden.max(0.0);
    if (usual - ridden).abs() < SEEN {
        return None;
    }

    let after = f64::from(row.after.bikes);
    Some((after - usual).abs() < (after - ridden).abs())
}

/// Three decimals: more would only weigh in the file.
fn thousandths(value: f64) -> f64 {
    (1000.0 * value).round() / 1000.0
}
