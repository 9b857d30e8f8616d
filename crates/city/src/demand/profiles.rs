//! The shape of a day, hour by hour, for each character of station.

use crate::geography::Character;

/// The share of a day's departures that falls in a local hour. The shares of a working day sum to 1; those of another
/// day sum to how busy it is beside a working one.
pub(super) fn share(character: Character, is_working: bool, hour_of_day: usize) -> f64 {
    let (working, rest, busyness) = shapes(character);
    let (shape, scale) = if is_working { (working, 1.0) } else { (rest, busyness) };
    shape[hour_of_day] * scale / shape.iter().sum::<f64>()
}

/// Weights by hour on a working day, on another day, and how busy the latter is.
fn shapes(character: Character) -> (&'static [f64; 24], &'static [f64; 24], f64) {
    match character {
        Character::Home => (&HOME, &HOME_REST, 0.72),
        Character::Work => (&WORK, &WORK_REST, 0.28),
        Character::Leisure => (&LEISURE, &LEISURE_REST, 1.5),
        Character::Transit => (&TRANSIT, &TRANSIT_REST, 0.62),
    }
}

const HOME: [f64; 24] = [
    0.4, 0.2, 0.1, 0.1, 0.2, 0.8, 4.0, 16.0, 19.0, 7.0, 3.0, 3.0, 4.0, 6.0, 4.0, 3.0, 4.0, 5.0, 6.0, 5.0, 3.5, 2.0, 1.2, 0.8,
];
const HOME_REST: [f64; 24] = [
    1.0, 0.7, 0.4, 0.2, 0.1, 0.2, 0.6, 1.5, 3.5, 6.5, 8.5, 8.0, 5.0, 7.0, 9.5, 9.0, 7.0, 6.0, 6.0, 5.5, 4.0, 2.5, 2.0, 1.5,
];
const WORK: [f64; 24] = [
    0.2, 0.1, 0.1, 0.0, 0.0, 0.2, 0.5, 1.2, 2.2, 2.0, 2.0, 3.5, 10.0, 7.0, 3.5, 4.0, 10.0, 20.0, 17.0, 7.0, 3.0, 1.5, 0.8, 0.4,
];
const WORK_REST: [f64; 24] = [
    0.5, 0.4, 0.2, 0.1, 0.1, 0.1, 0.4, 1.0, 2.0, 3.5, 5.0, 7.0, 8.0, 7.0, 7.5, 8.0, 8.0, 7.5, 7.0, 5.0, 3.0, 2.0, 1.2, 0.8,
];
const LEISURE: [f64; 24] = [
    1.2, 0.7, 0.3, 0.1, 0.1, 0.2, 0.7, 2.0, 3.0, 3.0, 4.0, 5.5, 8.0, 7.5, 6.5, 6.5, 7.5, 9.5, 10.5, 9.0, 6.5, 5.0, 4.5, 2.6,
];
const LEISURE_REST: [f64; 24] = [
    2.4, 1.8, 1.0, 0.3, 0.1, 0.1, 0.3, 0.8, 1.8, 3.8, 6.5, 8.0, 7.0, 7.5, 10.0, 11.5, 11.5, 10.0, 8.0, 6.0, 4.5, 4.0, 3.8, 3.2,
];
const TRANSIT: [f64; 24] = [
    0.5, 0.2, 0.1, 0.1, 0.3, 2.0, 6.5, 15.0, 16.0, 6.5, 3.0, 3.0, 4.0, 4.0, 3.0, 3.5, 6.0, 9.5, 10.0, 6.0, 3.5, 2.5, 1.8, 1.0,
];
const TRANSIT_REST: [f64; 24] = [
    1.2, 0.6, 0.2, 0.1, 0.3, 0.8, 1.5, 2.5, 4.0, 6.0, 7.0, 7.0, 6.5, 6.5, 7.0, 7.5, 8.0, 8.5, 8.0, 6.0, 4.5, 3.0, 2.4, 1.8,
];
