//! Destinations of riders: gravity, the draw of the hour, and a balance: over an ordinary day as
//! many arrive as leave.

use crate::demand::usual_share;
use crate::geography::{STATIONS, Site, distance_km};

/// Cumulated probabilities of destinations, by part of the day and origin.
#[derive(Debug)]
pub(crate) struct Flows {
    tables: [Vec<Vec<f64>>; PARTS.len()],
}

/// A part of a day, in which people are drawn to the same places.
struct Part {
    is_working: bool,
    /// Local hours, the second not included; the night goes round midnight.
    hours: (usize, usize),
    /// Draws: homes, work, leisure, transit.
    draws: [f64; 4],
}

/// To work in the morning, home in the evening, out on days off.
const PARTS: [Part; 6] = [
    Part {
        is_working: true,
        hours: (5, 10),
        draws: [0.25, 2.6, 0.6, 1.3],
    },
    Part {
        is_working: true,
        hours: (10, 15),
        draws: [0.9, 1.1, 1.2, 0.9],
    },
    Part {
        is_working: true,
        hours: (15, 21),
        draws: [2.0, 0.35, 1.1, 1.5],
    },
    Part {
        is_working: true,
        hours: (21, 5),
        draws: [2.2, 0.2, 0.9, 0.8],
    },
    Part {
        is_working: false,
        hours: (5, 21),
        draws: [1.0, 0.5, 1.5, 0.9],
    },
    Part {
        is_working: false,
        hours: (21, 5),
        draws: [2.2, 0.2, 0.9, 0.8],
    },
];

impl Flows {
    pub(crate) fn new() -> Self {
        let [working, rest] = [true, false].map(balance);
        let tables = std::array::from_fn(|at| {
            let balance = if PARTS[at].is_working {
                &working
            } else {
                &rest
            };
            (0..STATIONS.len())
                .map(|origin| cumulated(&weights(&PARTS[at], origin, balance)))
                .collect()
        });
        Self { tables }
    }

    /// The destination of a rider who leaves `origin`; `chance` is in [0, 1).
    pub(crate) fn destination(
        &self,
        origin: usize,
        is_working: bool,
        hour_of_day: usize,
        chance: f64,
    ) -> usize {
        let at = PARTS
            .iter()
            .position(|part| part.is_working == is_working && part.contains(hour_of_day));

        let table = &self.tables[at.unwrap_or_default()][origin];
        let total = table.last().copied().unwrap_or_default();

        table
            .partition_point(|cumulated| *cumulated <= chance * total)
            .min(STATIONS.len() - 1)
    }
}

impl Part {
    fn contains(&self, hour_of_day: usize) -> bool {
        let (from, until) = self.hours;
        if from < until {
            (from..until).contains(&hour_of_day)
        } else {
            !(until..from).contains(&hour_of_day)
        }
    }

    /// Ordinary departures from a station.
    fn departures(&self, origin: usize) -> f64 {
        let Site {
            character, volume, ..
        } = STATIONS[origin];
        let hours = (0..24).filter(|hour| self.contains(*hour));
        hours
            .map(|hour| volume * usual_share(character, self.is_working, hour))
            .sum()
    }
}

/// The factor of each destination for arrivals to equal departures over an ordinary day, by the
/// iterations of K. Furness, *Time Function Iteration* (1965).
fn balance(is_working: bool) -> Vec<f64> {
    let parts = || PARTS.iter().filter(|part| part.is_working == is_working);
    let departures = |origin| parts().map(|part| part.departures(origin)).sum::<f64>();
    let mut balance = vec![1.0; STATIONS.len()];

    for _ in 0..30 {
        let mut arrivals = vec![0.0; STATIONS.len()];
        for (part, origin) in
            parts().flat_map(|part| (0..STATIONS.len()).map(move |origin| (part, origin)))
        {
            let weights = weights(part, origin, &balance);
            let scale = part.departures(origin) / weights.iter().sum::<f64>();
            arrivals
                .iter_mut()
                .zip(weights)
                .for_each(|(arrivals, weight)| *arrivals += weight * scale);
        }
        for (station, factor) in balance.iter_mut().enumerate() {
            *factor *= departures(station) / arrivals[station];
        }
    }

    balance
}

fn weights(part: &Part, origin: usize, balance: &[f64]) -> Vec<f64> {
    (0..STATIONS.len())
        .map(|destination| weight(part, origin, destination) * balance[destination])
        .collect()
}

fn weight(part: &Part, origin: usize, destination: usize) -> f64 {
    let (from, to) = (&STATIONS[origin], &STATIONS[destination]);
    let distance = distance_km(from, to);
    // Nobody rides to where they are, and under 500 m people walk.
    let near = (distance / 0.5).min(1.0).powi(2);
    to.volume * part.draws[to.character as usize] * near * (-distance / 1.5).exp()
}

fn cumulated(weights: &[f64]) -> Vec<f64> {
    let add = |sum: &mut f64, weight: &f64| {
        *sum += weight;
        Some(*sum)
    };
    weights.iter().scan(0.0, add).collect()
}

#[cfg(test)]
mod tests;
