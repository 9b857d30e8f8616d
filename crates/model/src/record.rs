//! What the forecasts of a version were worth lately, station by station and all together.
//!
//! A strike, a curfew, a fine week or a closed street moves what is counted, and no feature tells
//! it. What the forecasts of the days before missed sets those of the days after right, as far as
//! the version learnt to follow it: forecasters call it an intercept correction (Clements and
//! Hendry, 1996).

use std::collections::HashMap;

use filrouge_types::{Hour, StationId};

use crate::features::{FEATURE_COUNT, HORIZON_HOURS, features};
use crate::history::{History, Series};
use crate::law::Expected;
use crate::predictor::Prediction;

#[cfg(test)]
mod tests;

/// Hours that a ratio is made of, at most: a week.
pub const RECORD_HOURS: i64 = 7 * 24;

/// Hours of the system without which nothing is said: a day.
const FEWEST_HOURS: usize = 24;

/// Departures of the whole system's ratio that are added to a station's own: a station that counts
/// little follows the others.
const PRIOR_DEPARTURES: f64 = 100.0;

/// A ratio stays between these: a closed day says nothing of how many will ride once it opens.
const BOUNDS: (f64, f64) = (0.25, 4.0);

/// Forecasts are rounded to this part of one: their sums depend on no order.
const GRAIN: f64 = 4096.0;

/// Counted over forecast, hour by hour, as it is known a day before each.
#[derive(Debug, Clone, Default)]
pub struct TrackRecord {
    stations: HashMap<StationId, Series>,
    system: Series,
}

/// What was forecast of a station's hour, without any record, beside what was counted.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The station.
    pub station: &'a StationId,
    /// The hour.
    pub hour: Hour,
    /// Departures counted.
    pub counted: f32,
    /// Departures forecast.
    pub forecast: f32,
}

impl TrackRecord {
    /// The record of these forecasts, in any order. Public holidays, which `history` tells, are
    /// left out: they are like no other day.
    pub fn of(history: &History, judged: &[Judged<'_>]) -> Self {
        let hours = || judged.iter().map(|row| row.hour);
        let Some((first, last)) = hours().min().zip(hours().max()) else {
            return Self::default();
        };
        let is_usual: Vec<bool> = (0..=last - first)
            .map(|index| !history.is_public_holiday(first + index))
            .collect();

        let nothing = || vec![Sums::default(); is_usual.len()];
        let mut system = nothing();
        let mut stations: HashMap<&StationId, Vec<Sums>> = HashMap::new();

        for row in judged {
            let offset = (row.hour - first) as usize;
            let own = stations.entry(row.station).or_insert_with(nothing);
            if is_usual[offset] {
                system[offset].add(row);
                own[offset].add(row);
            }
        }

        let system: Vec<f32> = weeks(&system).map(of_system).collect();
        let series = |ratios| Series::starting(first + HORIZON_HOURS, ratios);

        let own = |(station, hours): (&StationId, Vec<Sums>)| {
            let ratios = weeks(&hours)
                .zip(&system)
                .map(|(week, system)| of_station(week, *system));
            (station.clone(), series(ratios.collect()))
        };

        Self {
            stations: stations.into_iter().map(own).collect(),
            system: series(system.clone()),
        }
    }

    /// The record of what `predict` says of the hours of `history`, as far as those from `from` to
    /// `to` (not included) are to be told by it. `expected` knows no record.
    ///
    /// # Errors
    /// What `predict` answers.
    pub fn of_forecasts<E>(
        history: &History,
        expected: &Expected,
        (from, to): (Hour, Hour),
        mut predict: impl FnMut(&[f32]) -> Result<Vec<Prediction>, E>,
    ) -> Result<Self, E> {
        let (start, end) = history.system_span();
        let first = (from - (HORIZON_HOURS + RECORD_HOURS - 1)).max(start);
        let last = (to - HORIZON_HOURS).min(end);
        let stations: Vec<_> = history.stations().collect();
        let mut judged = Vec::new();

        for hour in (0..last - first).map(|index| first + index) {
            let from = judged.len();
            let mut inputs = Vec::with_capacity(stations.len() * FEATURE_COUNT);

            for &station in &stations {
                let counted = history.departures(station, hour);
                if counted.is_nan() {
                    continue;
                }

                let row = features(
                    history,
                    expected,
                    station,
                    hour,
                    &history.known(station, hour),
                );

                if !row.level.is_nan() {
                    inputs.extend(row.to_array());
                    judged.push(Judged {
                        station,
                        hour,
                        counted,
                        forecast: f32::NAN,
                    });
                }
            }

            let predictions = predict(&inputs)?;

            judged[from..]
                .iter_mut()
                .zip(predictions)
                .for_each(|(row, said)| row.forecast = said.demand);
        }

        Ok(Self::of(history, &judged))
    }

    /// Counted over forecast during the week that ends a day before `hour`, recent hours first, at
    /// `station`, and at all the stations as far as it counts little; `NaN` when less than a day of
    /// that week is known.
    pub fn ratio(&self, station: &StationId, hour: Hour) -> f32 {
        self.stations.get(station).unwrap_or(&self.system).at(hour)
    }
}

/// What was counted and what was forecast, over the hours that were both.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    counted: f64,
    forecast: f64,
    hours: usize,
}

impl Sums {
    fn add(&mut self, row: &Judged<'_>) {
        self.counted += f64::from(row.counted);
        self.forecast += (f64::from(row.forecast) * GRAIN).round() / GRAIN;
        self.hours = 1;
    }
}

/// The week that ends with each hour, and with each of the week that follows the last one: recent
/// hours weigh more.
fn weeks(hours: &[Sums]) -> impl Iterator<Item = Sums> {
    let weights: [f64; RECORD_HOURS as usize] = std::array::from_fn(recency);

    (0..hours.len() + weights.len() - 1).map(move |last| {
        let mut week = Sums::default();
        for (index, hour) in hours
            .iter()
            .enumerate()
            .take(last + 1)
            .skip((last + 1).saturating_sub(weights.len()))
        {
            week.counted += weights[last - index] * hour.counted;
            week.forecast += weights[last - index] * hour.forecast;
            week.hours += hour.hours;
        }
        week
    })
}

/// What an hour that far back says of today, beside the last one known: quickly less, and never
/// quite nothing. A day then answers a strike, and a week a season that begins.
fn recency(hours: usize) -> f64 {
    (1.0 + hours as f64 / 24.0).powi(-2)
}

/// The ratio of all the stations together.
fn of_system(week: Sums) -> f32 {
    let is_known = week.hours >= FEWEST_HOURS && week.forecast > 0.0;
    if is_known {
        (week.counted / week.forecast).clamp(BOUNDS.0, BOUNDS.1) as f32
    } else {
        f32::NAN
    }
}

/// The ratio of a station, towards that of the system.
fn of_station(week: Sums, system: f32) -> f32 {
    let ratio =
        (week.counted + PRIOR_DEPARTURES * f64::from(system)) / (week.forecast + PRIOR_DEPARTURES);
    ratio.clamp(BOUNDS.0, BOUNDS.1) as f32
}
