//! The promise of the case: a model that finds the rate beats both baselines by far.

use super::*;
use crate::calendar::is_working_day;

/// Departures by station and hour.
struct Truth(HashMap<(usize, Hour), f64>);

impl Truth {
    fn simulate(city: &City, from: Hour, until: Hour) -> Self {
        let (first, last) = (operating_date(from.start()), operating_date(until.start()));
        let days = (0..=(last - first).num_days()).map(|days| first + TimeDelta::days(days));
        let mut counts = HashMap::new();
        for trip in days.flat_map(|date| city.simulate(date).trips) {
            let hour = Hour::from_hours_since_epoch(trip.started_at.div_euclid(3_600_000));
            *counts.entry((trip.origin, hour)).or_default() += 1.0;
        }
        Self(counts)
    }

    fn at(&self, index: usize, hour: Hour) -> f64 {
        self.0.get(&(index, hour)).copied().unwrap_or(0.0)
    }

    /// Mean absolute error of a guess.
    fn error(&self, hours: std::ops::Range<i64>, guess: impl Fn(usize, Hour) -> f64) -> f64 {
        let cells = hours.clone().map(Hour::from_hours_since_epoch);
        let of_hour = |hour| {
            (0..STATIONS.len())
                .map(|index| (self.at(index, hour) - guess(index, hour)).abs())
                .sum::<f64>()
        };
        cells.map(of_hour).sum::<f64>() / (hours.count() * STATIONS.len()) as f64
    }

    /// The mean by station, local hour and working day.
    fn means(&self, hours: std::ops::Range<i64>) -> HashMap<(usize, u32, bool), f64> {
        let mut sums: HashMap<_, (f64, f64)> = HashMap::new();
        for hour in hours.map(Hour::from_hours_since_epoch) {
            for index in 0..STATIONS.len() {
                let (sum, count) = sums.entry(key(index, hour)).or_default();
                *sum += self.at(index, hour);
                *count += 1.0;
            }
        }
        sums.into_iter()
            .map(|(key, (sum, count))| (key, sum / count))
            .collect()
    }
}

fn key(index: usize, hour: Hour) -> (usize, u32, bool) {
    (
        index,
        local(hour).hour(),
        is_working_day(local(hour).date_naive()),
    )
}

#[test]
fn who_knows_the_rate_errs_a_quarter_less_than_averages_and_last_week() {
    let city = City::new(1);
    let from: Hour = "2024-11-01T00:00:00Z".parse().unwrap();
    let truth = Truth::simulate(&city, from, from + 730 * 24);
    let month = 30 * 24;

    for months in [12, 16, 20, 23] {
        let start = (from + months * month).hours_since_epoch();
        let tested = start..start + month;
        let means = truth.means(from.hours_since_epoch()..start);
        let rate = truth.error(tested.clone(), |index, hour| {
            rate_at(city.world(), index, hour)
        });
        let last_week = truth.error(tested.clone(), |index, hour| truth.at(index, hour - 7 * 24));

        let mean = truth.error(tested, |index, hour| means[&key(index, hour)]);

        assert!(
            rate < 0.68 * last_week.min(mean),
            "month {months}: {rate} beside {last_week} and {mean}"
        );
    }
}
