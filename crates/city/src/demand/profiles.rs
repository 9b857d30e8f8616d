//! The shape of a day, hour by hour, for each character of station.

use crate::geography::Character;

/// The share of a day's departures that falls in a local hour. The shares of a working day sum to
/// 1; those of another day sum to how busy it is beside a working one.
pub(crate) fn share(character: Character, is_working: bool, hour_of_day: usize) -> f64 {
    let (working, rest, busyness) = shapes(character);
    let (shape, scale) = if is_working {
        (working, 1.0)
    } else {
        (rest, busyness)
    };
    // The tables are drawn by eye, so they are normalised here.
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
    0.1, 0.1, 0.0, 0.0, 0.1, 0.3, 2.6, 16.0, 20.0, 5.5, 1.8, 1.8, 2.6, 4.5, 2.6, 1.8, 2.6, 3.5,
    4.5, 3.5, 2.2, 1.1, 0.6, 0.3,
];
const HOME_REST: [f64; 24] = [
    1.1, 0.7, 0.3, 0.1, 0.1, 0.1, 0.6, 1.8, 5.5, 12.2, 17.3, 16.0, 8.7, 13.4, 20.0, 18.6, 13.4,
    11.0, 11.0, 9.8, 6.5, 3.5, 2.6, 1.8,
];
const WORK: [f64; 24] = [
    0.1, 0.0, 0.0, 0.0, 0.0, 0.1, 0.2, 0.5, 1.1, 1.0, 1.0, 2.1, 8.1, 5.1, 2.1, 2.5, 8.1, 20.0,
    16.2, 5.1, 1.7, 0.7, 0.3, 0.1,
];
const WORK_REST: [f64; 24] = [
    0.5, 0.4, 0.2, 0.1, 0.1, 0.1, 0.4, 1.3, 3.3, 6.8, 10.9, 16.8, 20.0, 16.8, 18.4, 20.0, 20.0,
    18.4, 16.8, 10.9, 5.6, 3.3, 1.7, 1.0,
];
const LEISURE: [f64; 24] = [
    1.2, 0.6, 0.2, 0.0, 0.0, 0.1, 0.6, 2.3, 3.9, 3.9, 5.7, 8.6, 14.0, 12.9, 10.7, 10.7, 12.9, 17.6,
    20.0, 16.4, 10.7, 7.6, 6.6, 3.3,
];
const LEISURE_REST: [f64; 24] = [
    6.0, 5.0, 4.5, 0.8, 0.0, 0.0, 0.2, 0.6, 1.8, 4.7, 9.5, 12.5, 10.5, 11.5, 16.7, 20.0, 20.0,
    16.7, 12.5, 8.6, 5.9, 5.1, 4.7, 3.8,
];
const TRANSIT: [f64; 24] = [
    0.2, 0.1, 0.0, 0.0, 0.1, 1.3, 6.2, 18.4, 20.0, 6.2, 2.3, 2.3, 3.3, 3.3, 2.3, 2.8, 5.6, 10.2,
    10.9, 5.6, 2.8, 1.8, 1.2, 0.5,
];
const TRANSIT_REST: [f64; 24] = [
    2.5, 1.6, 1.2, 0.1, 0.3, 0.9, 2.1, 4.1, 7.5, 12.7, 15.5, 15.5, 14.1, 14.1, 15.5, 17.0, 18.5,
    20.0, 18.5, 12.7, 8.7, 5.2, 3.9, 2.7,
];
