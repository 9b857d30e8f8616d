use chrono::{DateTime, Utc};
use filrouge_types::{Hour, StationId};

use super::distribution::StockDistribution;
use super::profile::{AvailabilityProfile, UsualHour};
use crate::prediction::Prediction;

/// Hours on each side of an hour that tell how busy it is.
const AROUND: usize = 2;

/// Departures that calm the ratio of small numbers: it stays near one at night.
const CALMING: f64 = 3.0;

/// The most that a rate may be above its usual value.
const BUSIEST: f64 = 5.0;

/// Demand that is lower, as forecast, or higher than it: the nodes and weights of the Gauss-Hermite
/// rule of order 3, in standard deviations.
const SCENARIOS: [(f64, f64); 3] = [
    (-1.732_050_8, 1.0 / 6.0),
    (0.0, 2.0 / 3.0),
    (1.732_050_8, 1.0 / 6.0),
];

/// Standard deviations between the ends of an 80 % interval of a normal distribution.
const INTERVAL_DEVIATIONS: f64 = 2.563;

/// Weight of the habit after a day, beside the chain: as much. It grows with the hours, since the
/// errors of a chain add up and those of a habit do not.
const HABIT_AFTER_A_DAY: f64 = 0.5;

/// Bikes and free docks of a station at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// Bikes that can be taken.
    pub bikes: u32,
    /// Docks that can take one.
    pub docks: u32,
}

/// The demand of one hour, as forecast.
#[derive(Debug, Clone, Copy)]
pub struct HourDemand {
    /// The hour that is forecast, UTC.
    pub hour: Hour,
    /// True on a public holiday.
    pub is_public_holiday: bool,
    /// Departures forecast: mean and interval.
    pub departures: Prediction,
}

/// The state of a station at the beginning of an hour, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourChances {
    /// The hour that begins.
    pub hour: Hour,
    /// Chance of one bike at least, 0 to 1.
    pub bike: f64,
    /// Chance of one free dock at least, 0 to 1.
    pub dock: f64,
    /// Bikes expected.
    pub bikes: f64,
    /// Lower end of the 80 % interval of the bikes.
    pub bikes_p10: u32,
    /// Upper end of it.
    pub bikes_p90: u32,
    /// Arrivals expected during the hour before, docks or not.
    pub arrivals: f64,
}

impl AvailabilityProfile {
    /// The chances at the end of each of the hours `demand`, which follow one another; the first is the
    /// hour of `now`, at which `stock` was counted. None for a station whose habits are not known.
    pub fn chances(
        &self,
        station: &StationId,
        stock: Stock,
        now: DateTime<Utc>,
        demand: &[HourDemand],
    ) -> Option<Vec<HourChances>> {
        let usual = demand
            .iter()
            .map(|hour| self.usual(station, hour.hour, hour.is_public_holiday))
            .collect::<Option<Vec<_>>>()?;

        let docks = stock.bikes + stock.docks;
        let deviation = relative_deviation(demand);
        let mut scenarios = SCENARIOS.map(|_| StockDistribution::certain(stock.bikes, docks));
        let mut chances = Vec::with_capacity(demand.len());

        for (index, hour) in demand.iter().enumerate() {
            let arrivals = usual[index].wanted_arrivals * activity(demand, &usual, index);
            let departures = wanted_departures(hour, &usual[index]);
            let lasts = hours_left(hour.hour, now);
            let put_back = self.put_back(station, hour, docks);

            for (state, (node, _)) in scenarios.iter_mut().zip(SCENARIOS) {
                let level = (1.0 + node * deviation).max(0.0);
                let (share, usual) = &put_back;
                // Departures alone: those who leave more than forecast arrive at other stations.
                *state = state
                    .after(level * departures, arrivals, lasts)
                    .mixed(usual, *share);
            }

            let of_chain = average(&scenarios).at(hour.hour + 1, arrivals);
            chances.push(of_chain.pooled(&put_back.1, habit_weight(index)));
        }
        Some(chances)
    }

    /// Share of the stations put back at the end of an hour, and the bikes that they then have.
    fn put_back(
        &self,
        station: &StationId,
        hour: &HourDemand,
        docks: u32,
    ) -> (f64, StockDistribution) {
        let next = self.usual(station, hour.hour + 1, hour.is_public_holiday);
        let next = next.unwrap_or_default();
        let usual = StockDistribution::around(next.bikes, next.bikes_deviation, docks);
        (self.rebalanced_after(hour.hour), usual)
    }
}

impl StockDistribution {
    fn at(&self, hour: Hour, arrivals: f64) -> HourChances {
        HourChances {
            hour,
            bike: self.chance_of_a_bike(),
            dock: self.chance_of_a_dock(),
            bikes: self.mean(),
            bikes_p10: self.quantile(0.1),
            bikes_p90: self.quantile(0.9),
            arrivals,
        }
    }
}

impl HourChances {
    /// The linear pool of two opinions (M. Stone, 1961): its Brier score is never above the mean of
    /// theirs.
    fn pooled(self, habit: &StockDistribution, weight: f64) -> Self {
        let pool = |probability: f64, habit: f64| (1.0 - weight) * probability + weight * habit;
        Self {
            bike: pool(self.bike, habit.chance_of_a_bike()),
            dock: pool(self.dock, habit.chance_of_a_dock()),
            ..self
        }
    }
}

/// The weight of the habit `index` hours after the present one.
fn habit_weight(index: usize) -> f64 {
    HABIT_AFTER_A_DAY * (index as f64 / 23.0).min(1.0)
}

/// The part of an hour that is left after `now`: one for the hours to come.
fn hours_left(hour: Hour, now: DateTime<Utc>) -> f64 {
    let left = (hour + 1).start() - now;
    (left.num_seconds() as f64 / 3600.0).clamp(0.0, 1.0)
}

/// The model forecasts departures that are counted; riders who found no bike wanted some too.
fn wanted_departures(hour: &HourDemand, usual: &UsualHour) -> f64 {
    let unmet = usual.wanted_departures / usual.departures.max(f64::MIN_POSITIVE);
    f64::from(hour.departures.demand).max(0.0) * unmet.clamp(1.0, BUSIEST)
}

/// How busy the hours around one are forecast to be, beside their usual departures.
fn activity(demand: &[HourDemand], usual: &[UsualHour], index: usize) -> f64 {
    let around = index.saturating_sub(AROUND)..(index + AROUND + 1).min(demand.len());
    let forecast: f64 = demand[around.clone()]
        .iter()
        .map(|hour| f64::from(hour.departures.demand))
        .sum();
    let habit: f64 = usual[around].iter().map(|hour| hour.departures).sum();
    ((forecast + CALMING) / (habit + CALMING)).clamp(1.0 / BUSIEST, BUSIEST)
}

/// Standard deviation of the demand beside its forecast, beyond the hazard of a Poisson distribution: the interval
/// holds both.
fn relative_deviation(demand: &[HourDemand]) -> f64 {
    let beyond = |hour: &HourDemand| {
        let Prediction {
            demand,
            demand_p10,
            demand_p90,
        } = hour.departures;
        let deviation = f64::from(demand_p90 - demand_p10) / INTERVAL_DEVIATIONS;
        (deviation.powi(2) - f64::from(demand)).max(0.0)
    };

    let variance: f64 = demand.iter().map(beyond).sum();
    let squares: f64 = demand
        .iter()
        .map(|hour| f64::from(hour.departures.demand).powi(2))
        .sum();

    // Half at most: the lower scenario stays above zero.
    (variance / squares.max(1.0)).sqrt().min(0.5)
}

fn average(scenarios: &[StockDistribution; 3]) -> StockDistribution {
    let [low, middle, high] = scenarios;
    // The weights are a sixth, two thirds, a sixth.
    low.mixed(high, 0.5).mixed(middle, 2.0 / 3.0)
}
