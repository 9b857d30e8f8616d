use super::trip::Vehicle;
use crate::geography::{Character, STATIONS};

/// Bikes of the whole system: constant, whatever happens.
pub(crate) const FLEET: u32 = 1_270;

/// Bikes at one station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bikes {
    pub(crate) classic: u16,
    pub(crate) electric: u16,
}

impl Bikes {
    pub(crate) const fn total(self) -> u16 {
        self.classic + self.electric
    }

    pub(super) const fn has(self, vehicle: Vehicle) -> bool {
        match vehicle {
            Vehicle::Classic => self.classic > 0,
            Vehicle::Electric => self.electric > 0,
        }
    }

    pub(super) const fn add(&mut self, vehicle: Vehicle) {
        *self.of(vehicle) += 1;
    }

    pub(super) const fn remove(&mut self, vehicle: Vehicle) {
        *self.of(vehicle) -= 1;
    }

    const fn of(&mut self, vehicle: Vehicle) -> &mut u16 {
        match vehicle {
            Vehicle::Classic => &mut self.classic,
            Vehicle::Electric => &mut self.electric,
        }
    }
}

/// Bikes of each station once the trucks have passed, at 03:00: homes full before a working day,
/// places of leisure before a day off.
pub(crate) fn at_opening(is_working: bool) -> Vec<Bikes> {
    let wanted: Vec<f64> = STATIONS
        .iter()
        .map(|site| f64::from(site.capacity) * fill(site.character, is_working))
        .collect();
    let scale = f64::from(FLEET) / wanted.iter().sum::<f64>();
    let mut given = 0;
    let mut cumulated = 0.0;

    let share = |wanted: f64| {
        // Rounding the cumulated sum gives every bike to one station, whatever the fractions.
        cumulated += wanted * scale;
        let until = cumulated.round() as u32;
        let total = (until - std::mem::replace(&mut given, until)) as u16;
        let electric = (total * 2 + 2) / 5;

        Bikes {
            classic: total - electric,
            electric,
        }
    };

    wanted.into_iter().map(share).collect()
}

const fn fill(character: Character, is_working: bool) -> f64 {
    match (character, is_working) {
        (Character::Home, true) => 0.82,
        (Character::Transit, true) => 0.75,
        (Character::Work, true) => 0.4,
        (Character::Leisure, true) => 0.48,
        (Character::Leisure, false) => 0.6,
        (Character::Home, false) => 0.6,
        (Character::Work | Character::Transit, false) => 0.45,
    }
}
