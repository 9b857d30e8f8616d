//! Bias correction: the ratio of counts to forecasts over the last week, known a day ahead.
//!
//! A strike, a curfew, a fine week or a closed street moves the counts, and no feature tells it.
//! The forecasts are multiplied by a power of that ratio, which the version learnt: an intercept
//! correction (Clements and Hendry, 1996).

use std::collections::HashMap;

use filrouge_types::{Hour, StationId};

use crate::history::{HORIZON_HOURS, History, Series};

#[cfg(test)]
mod tests;

/// Hours that a ratio is made of, at most: a week.
pub const CORRECTION_HOURS: i64 = 7 * 24;

/// Hours of the system below which there is no ratio: a day.
const FEWEST_HOURS: usize = 24;

/// Departures of the whole system's ratio that are added to a station's own (shrinkage): a station
/// that counts little follows the others.
const PRIOR_DEPARTURES: f64 = 100.0;

/// A ratio stays between these: a closed day says nothing of how many will ride once it opens.
const LIMITS: (f64, f64) = (0.25, 4.0);

/// Forecasts are multiples of this, a power of two: their sums depend on no order.
const ROUNDING_STEP: f64 = 1.0 / 4096.0;

/// Counted over forecast, hour by hour, as it is known a day before each.
#[derive(Debug, Clone, Default)]
pub struct BiasCorrection {
    stations: HashMap<StationId, Series>,
    system: Series,
}

/// The forecast of a station's hour, made without any correction, beside its count.
#[derive(Debug, Clone, Copy)]
pub struct ForecastActual<'a> {
    /// The station that was forecast.
    pub station: &'a StationId,
    /// The hour that was forecast, UTC.
    pub hour: Hour,
    /// Departures counted.
    pub actual: f32,
    /// Departures forecast.
    pub forecast: f32,
}

impl BiasCorrection {
    /// The correction that these forecasts call for, in any order. Public holidays, which `history`
    /// tells, are left out: they are like no other day.
    pub fn of(history: &History, forecasts: &[ForecastActual<'_>]) -> Self {
        let hours = || forecasts.iter().map(|row| row.hour);
        let Some((first, last)) = hours().min().zip(hours().max()) else {
            return Self::default();
        };

        let is_usual: Vec<bool> = (0..=last - first)
            .map(|index| !history.is_public_holiday(first + index))
            .collect();
        let (system, stations) = sum_by_hour(forecasts, first, &is_usual);

        let system: Vec<f32> = weeks(&system).map(system_ratio).collect();
        // Shifted by a day, since the ratio of a week serves the hour a day after it.
        let series = |ratios| Series::starting(first + HORIZON_HOURS, ratios);
        let own = |(station, hours): (&StationId, Vec<Sums>)| {
            let ratios = weeks(&hours)
                .zip(&system)
                .map(|(week, system)| station_ratio(week, *system));
            (station.clone(), series(ratios.collect()))
        };

        Self {
            stations: stations.into_iter().map(own).collect(),
            system: series(system.clone()),
        }
    }

    /// `Σwy / Σwŷ` over the week that ends a day before `hour`, recent hours first, at `station`,
    /// shrunk towards all the stations; `NaN` when less than a day of that week is known.
    pub fn ratio(&self, station: &StationId, hour: Hour) -> f32 {
        self.stations.get(station).unwrap_or(&self.system).at(hour)
    }
}

/// Sums of the system and of each station for each hour from `first` on, one for each of
/// `is_usual`.
fn sum_by_hour<'a>(
    forecasts: &[ForecastActual<'a>],
    first: Hour,
    is_usual: &[bool],
) -> (Vec<Sums>, HashMap<&'a StationId, Vec<Sums>>) {
    let nothing = || vec![Sums::default(); is_usual.len()];
    let mut system = nothing();
    let mut stations: HashMap<&StationId, Vec<Sums>> = HashMap::new();

    for row in forecasts {
        let offset = (row.hour - first) as usize;
        // A station of which only holidays are known has a ratio too: that of the system.
        let own = stations.entry(row.station).or_insert_with(nothing);

        if is_usual[offset] {
            system[offset].add(row);
            own[offset].add(row);
        }
    }

    (system, stations)
}

/// Counts and forecasts over the hours that have both.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    actual: f64,
    forecast: f64,
    hours: usize,
}

impl Sums {
    fn add(&mut self, row: &ForecastActual<'_>) {
        self.actual += f64::from(row.actual);
        self.forecast += (f64::from(row.forecast) / ROUNDING_STEP).round() * ROUNDING_STEP;
        // However many stations: the hour is known.
        self.hours = 1;
    }
}

/// The week that ends with each hour, and with each of the week that follows the last one: recent
/// hours weigh more.
fn weeks(hours: &[Sums]) -> impl Iterator<Item = Sums> {
    let weights: [f64; CORRECTION_HOURS as usize] = std::array::from_fn(recency);

    (0..hours.len() + weights.len() - 1).map(move |last| {
        let oldest = (last + 1).saturating_sub(weights.len());
        let mut week = Sums::default();

        for (index, hour) in hours.iter().enumerate().take(last + 1).skip(oldest) {
            let weight = weights[last - index];
            week.actual += weight * hour.actual;
            week.forecast += weight * hour.forecast;
            week.hours += hour.hours;
        }
        week
    })
}

/// `(1 + hours / 24)⁻²`: weight of an hour that far back. It falls quickly and never to zero: a day
/// then answers a strike, and a week a season that begins.
fn recency(hours: usize) -> f64 {
    (1.0 + hours as f64 / 24.0).powi(-2)
}

/// The ratio of all the stations together.
fn system_ratio(week: Sums) -> f32 {
    if week.hours >= FEWEST_HOURS && week.forecast > 0.0 {
        limited(week.actual / week.forecast)
    } else {
        f32::NAN
    }
}

/// The ratio of a station, shrunk towards that of the system.
fn station_ratio(week: Sums, system: f32) -> f32 {
    let prior = PRIOR_DEPARTURES * f64::from(system);
    limited((week.actual + prior) / (week.forecast + PRIOR_DEPARTURES))
}

fn limited(ratio: f64) -> f32 {
    ratio.clamp(LIMITS.0, LIMITS.1) as f32
}
