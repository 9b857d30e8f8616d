use std::collections::HashMap;

use anyhow::Result;
use chrono_tz::Europe::Paris;
use filrouge_model::availability::{
    AvailabilityProfile, BrierScore, HourChances, HourDemand, ObservedHour, ReliabilityTable,
    Stock, learn_availability,
};
use filrouge_model::{FEATURE_COUNT, History, Prediction, Predictor, features};
use filrouge_types::{Hour, StationId};

use super::city_history::CityHistory;
use super::{FIRST_HOUR, LEARNT_DAYS, MEASURED_DAYS};

/// Hours ahead at which chances are judged.
pub(super) const HORIZONS: [usize; 3] = [1, 6, 24];

/// Days of demand that features and corrections read before the first forecast.
const READ_DAYS: i64 = 50;

/// The two questions of a rider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// A bike to take.
    Bike,
    /// A dock to leave one.
    Dock,
}

/// The chances of one question at one horizon, beside the two references.
#[derive(Debug, Clone, Default)]
pub(super) struct Scores {
    pub(super) chances: BrierScore,
    /// The thing stays as it is.
    pub(super) persistence: BrierScore,
    /// The share of the days learnt on which it was so at this hour, on such a day.
    pub(super) usual: BrierScore,
    pub(super) reliability: ReliabilityTable,
    pub(super) happened: u64,
}

/// All the scores of a city, by horizon then question.
pub(super) struct Measures([[Scores; 2]; 3]);

impl Question {
    pub(super) const ALL: [Self; 2] = [Self::Bike, Self::Dock];

    fn is_met(self, stock: Stock) -> bool {
        match self {
            Self::Bike => stock.bikes > 0,
            Self::Dock => stock.docks > 0,
        }
    }

    fn chance(self, chances: &HourChances) -> f64 {
        match self {
            Self::Bike => chances.bike,
            Self::Dock => chances.dock,
        }
    }
}

impl Scores {
    pub(super) fn merge(&mut self, other: &Self) {
        self.chances.merge(&other.chances);
        self.persistence.merge(&other.persistence);
        self.usual.merge(&other.usual);
        self.reliability.merge(&other.reliability);
        self.happened += other.happened;
    }

    fn add(&mut self, chance: f64, now: bool, usual: f64, happened: bool) {
        self.chances.add(chance, happened);
        self.persistence.add(f64::from(u8::from(now)), happened);
        self.usual.add(usual, happened);
        self.reliability.add(chance, happened);
        self.happened += u64::from(happened);
    }
}

impl Measures {
    /// Learns the first weeks of a city, then tells and judges the chances of the next ones.
    pub(super) fn of_city(seed: u64, predictor: &Predictor) -> Result<Self> {
        let first = Hour::from_hours_since_epoch(FIRST_HOUR);
        let split = first + 24 * LEARNT_DAYS;
        let end = split + 24 * MEASURED_DAYS;
        let city = CityHistory::of(seed, first, end);

        let learnt = city.observed().iter().filter(|row| row.hour < split);
        let learnt: Vec<ObservedHour> = learnt.cloned().collect();
        let trial = Trial {
            profile: learn_availability(&learnt, Paris),
            usual: usual_states(&learnt),
            stocks: stocks(city.observed()),
            forecasts: forecasts(&city, predictor, split, end)?,
            end,
        };
        Ok(trial.judge(&city, split))
    }

    /// The scores of one question at one horizon.
    pub(super) fn at(&self, horizon: usize, question: Question) -> &Scores {
        &self.0[horizon][question as usize]
    }

    /// The gain over the better reference at each horizon, for bikes.
    pub(super) fn summary(&self) -> String {
        let gain = |(horizon, hours): (usize, &usize)| {
            let scores = self.at(horizon, Question::Bike);
            let gain = |reference| 100.0 * scores.chances.skill(reference).unwrap_or_default();
            let smallest = gain(&scores.persistence).min(gain(&scores.usual));
            format!("{hours} h : {smallest:.0} %")
        };
        HORIZONS
            .iter()
            .enumerate()
            .map(gain)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The knowledge before the first chance is told, and the truth beside it.
struct Trial {
    profile: AvailabilityProfile,
    usual: HashMap<(StationId, bool, u32), [f64; 2]>,
    stocks: HashMap<(StationId, Hour), (Stock, bool)>,
    forecasts: HashMap<(StationId, Hour), Prediction>,
    end: Hour,
}

impl Trial {
    fn judge(&self, city: &CityHistory, from: Hour) -> Measures {
        let mut measures = Measures(Default::default());
        let farthest = HORIZONS[2] as i64;

        for row in city.observed() {
            if row.hour < from || row.hour + farthest >= self.end {
                continue;
            }
            let Some(chances) = self.chances(row, farthest) else {
                continue;
            };
            for (horizon, scores) in HORIZONS.iter().zip(&mut measures.0) {
                self.add(row, &chances[*horizon - 1], scores);
            }
        }
        measures
    }

    fn chances(&self, row: &ObservedHour, hours: i64) -> Option<Vec<HourChances>> {
        let demand = |hour: Hour| {
            let key = (row.station_id.clone(), hour);
            Some(HourDemand {
                hour,
                is_public_holiday: self.stocks.get(&key)?.1,
                departures: *self.forecasts.get(&key)?,
            })
        };
        let demand: Option<Vec<_>> = (0..hours).map(|ahead| demand(row.hour + ahead)).collect();
        let now = row.hour.start();
        self.profile
            .chances(&row.station_id, row.before, now, &demand?)
    }

    fn add(&self, row: &ObservedHour, chances: &HourChances, scores: &mut [Scores; 2]) {
        let key = (row.station_id.clone(), chances.hour);
        let Some((truth, is_public_holiday)) = self.stocks.get(&key) else {
            return;
        };
        let usual = self
            .usual
            .get(&cell(&row.station_id, chances.hour, *is_public_holiday));

        for (question, scores) in Question::ALL.into_iter().zip(scores) {
            let usual = usual.map_or(1.0, |shares| shares[question as usize]);
            scores.add(
                question.chance(chances),
                question.is_met(row.before),
                usual,
                question.is_met(*truth),
            );
        }
    }
}

fn stocks(observed: &[ObservedHour]) -> HashMap<(StationId, Hour), (Stock, bool)> {
    let known = |row: &ObservedHour| {
        let key = (row.station_id.clone(), row.hour);
        (key, (row.before, row.is_public_holiday))
    };
    observed.iter().map(known).collect()
}

/// Share of the days learnt on which there was a bike, and a dock, at each hour of the day.
fn usual_states(learnt: &[ObservedHour]) -> HashMap<(StationId, bool, u32), [f64; 2]> {
    let mut sums: HashMap<_, (f64, [f64; 2])> = HashMap::new();

    for row in learnt {
        let cell = cell(&row.station_id, row.hour, row.is_public_holiday);
        let (rows, met) = sums.entry(cell).or_default();
        *rows += 1.0;
        for question in Question::ALL {
            met[question as usize] += f64::from(u8::from(question.is_met(row.before)));
        }
    }

    let share = |(cell, (rows, met)): (_, (f64, [f64; 2]))| (cell, met.map(|met| met / rows));
    sums.into_iter().map(share).collect()
}

/// A station, at an hour of the day, on a working day or not.
fn cell(station: &StationId, hour: Hour, is_public_holiday: bool) -> (StationId, bool, u32) {
    use chrono::{Datelike, Timelike};

    let local = hour.start().with_timezone(&Paris);
    let is_working = local.weekday().num_days_from_monday() < 5 && !is_public_holiday;
    (station.clone(), is_working, local.hour())
}

/// The departures of each hour, forecast a day ahead.
fn forecasts(
    city: &CityHistory,
    predictor: &Predictor,
    from: Hour,
    to: Hour,
) -> Result<HashMap<(StationId, Hour), Prediction>> {
    let mut history = History::default();
    history.extend_station_hours(&city.demand(from - 24 * READ_DAYS, to))?;
    let expected = predictor.expected(&history, (from, to))?;
    let stations: Vec<StationId> = history.stations().cloned().collect();
    let mut forecasts = HashMap::new();

    for hour in (0..to - from).map(|index| from + index) {
        let mut inputs = Vec::with_capacity(stations.len() * FEATURE_COUNT);
        for station in &stations {
            let known = history.conditions(station, hour);
            inputs.extend(features(&history, &expected, station, hour, &known).to_array());
        }
        let of_hour = stations.iter().zip(predictor.predict(&inputs)?);
        forecasts.extend(of_hour.map(|(station, forecast)| ((station.clone(), hour), forecast)));
    }
    Ok(forecasts)
}
