//! Where riders go: gravity, and what the hour draws them to.

use crate::geography::{Character, STATIONS, distance_km};

/// Cumulated probabilities of destinations, by part of the day and origin.
#[derive(Debug)]
pub(crate) struct Flows {
    tables: Vec<Vec<f64>>,
}

/// Parts of a day that draw to different places.
const PARTS: usize = 5;

impl Flows {
    pub(crate) fn new() -> Self {
        let tables = (0..PARTS * STATIONS.len()).map(|at| cumulated(at / STATIONS.len(), at % STATIONS.len()));
        Self { tables: tables.collect() }
    }

    /// The destination of a rider who leaves `origin`; `chance` is in [0, 1).
    pub(crate) fn destination(&self, origin: usize, is_working: bool, hour_of_day: usize, chance: f64) -> usize {
        let table = &self.tables[part(is_working, hour_of_day) * STATIONS.len() + origin];
        let total = table.last().copied().unwrap_or_default();
        table.partition_point(|cumulated| *cumulated <= chance * total).min(STATIONS.len() - 1)
    }
}

fn part(is_working: bool, hour_of_day: usize) -> usize {
    match (is_working, hour_of_day) {
        (_, 0..5 | 21..) => 4,
        (false, _) => 3,
        (true, 5..10) => 0,
        (true, 10..15) => 1,
        (true, _) => 2,
    }
}

fn cumulated(part: usize, origin: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let weights = (0..STATIONS.len()).map(|destination| weight(part, origin, destination));
    let add = |weight: f64| {
        sum += weight;
        sum
    };
    weights.map(add).collect()
}

fn weight(part: usize, origin: usize, destination: usize) -> f64 {
    if origin == destination {
        return 0.0;
    }
    let (from, to) = (&STATIONS[origin], &STATIONS[destination]);
    let distance = distance_km(from, to);
    // Under 500 m people walk.
    let near = (distance / 0.5).min(1.0).powi(2);
    f64::from(to.capacity) * draw(to.character, part) * near * (-distance / 1.5).exp()
}

/// How much a place draws: to work in the morning, home in the evening, out on days off.
const fn draw(character: Character, part: usize) -> f64 {
    let by_part = match character {
        Character::Home => [0.25, 0.9, 2.0, 1.0, 2.2],
        Character::Work => [2.6, 1.1, 0.35, 0.45, 0.2],
        Character::Leisure => [0.6, 1.2, 1.1, 1.6, 0.9],
        Character::Transit => [1.3, 0.9, 1.5, 0.9, 0.8],
    };
    by_part[part]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_day_leads_everywhere_but_back_to_the_origin() {
        let flows = Flows::new();
        for origin in 0..STATIONS.len() {
            let reached: std::collections::BTreeSet<usize> =
                (0..20_000).map(|step| flows.destination(origin, true, 8, f64::from(step) / 20_000.0)).collect();
            assert!(!reached.contains(&origin));
            assert!(reached.len() >= 35, "{} reaches {} stations", STATIONS[origin].name, reached.len());
        }
    }

    #[test]
    fn mornings_lead_to_work_and_evenings_home() {
        let flows = Flows::new();
        let share = |hour, wanted| {
            let steps = 0..1000;
            let drawn = |step| STATIONS[flows.destination(0, true, hour, f64::from(step) / 1000.0)].character;
            steps.map(drawn).filter(|character| *character == wanted).count()
        };
        assert!(share(8, Character::Work) > 2 * share(18, Character::Work));
        assert!(share(18, Character::Home) > 2 * share(8, Character::Home));
    }
}
