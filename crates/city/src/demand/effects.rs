//! Factors that multiply the ordinary day.

use chrono::{Datelike, NaiveDate};

use super::conditions::{DateConditions, HourConditions};
use crate::geography::Character;
use crate::publication::OPENING;

/// Remote work empties Mondays and Fridays, children are free on Wednesdays, evenings out fill the
/// end of the week.
pub(super) fn weekday(character: Character, hour: &HourConditions<'_>) -> f64 {
    let day = hour.date.date.weekday().num_days_from_monday() as usize;
    let evening = hour.hour_of_day >= 18;
    match character {
        // Monday comes first.
        Character::Leisure if evening => [0.55, 0.7, 0.85, 1.25, 1.65, 1.5, 0.4][day],
        Character::Leisure => [0.6, 0.8, 1.4, 0.85, 1.1, 1.3, 0.75][day],
        _ => [0.72, 1.22, 0.98, 1.28, 0.66, 1.2, 0.72][day],
    }
}

/// Holidays send workers away and bring walkers.
pub(super) fn calendar(character: Character, date: &DateConditions) -> f64 {
    let school = match (date.is_school_holiday, character) {
        (false, _) => 1.0,
        (true, Character::Leisure) => 1.5,
        (true, Character::Transit) => 0.85,
        (true, Character::Home | Character::Work) => 0.8,
    };
    if date.is_public_holiday {
        // On top of the school holidays, when they fall together.
        school * 0.8
    } else {
        school
    }
}

/// Cold, heat, water, wind and a grey sky, felt more by those who ride for pleasure.
pub(super) fn weather(character: Character, hour: &HourConditions<'_>) -> f64 {
    let weather = &hour.weather;
    let felt = f64::from(weather.apparent_temperature_c);
    // From 25 °C down: each degree less keeps one rider in twenty at home.
    let cold = (-0.055 * (25.0 - felt).max(0.0)).exp();
    // From 28 °C up, twice as steep.
    let heat = (-0.11 * (felt - 28.0).max(0.0)).exp();
    // Up to 18 km/h nobody changes plans; then one rider in fifty gives up for each km/h.
    let wind = (-0.02 * (f64::from(weather.wind_speed_kmh) - 18.0).max(0.0)).exp();
    let sky = sky(f64::from(weather.precipitation_mm), weather.weather_code);
    (cold * heat * wind * sky).powf(sensitivity(character, hour.date.is_working))
}

/// Codes of WMO table 4677: 0 and 1 are a clear sky, 3 an overcast one, 71 to 77 snow.
fn sky(precipitation_mm: f64, weather_code: u8) -> f64 {
    match (precipitation_mm, weather_code) {
        // Snow first: its water is counted as rain.
        (_, 71..=77) => 0.25,
        (dry, 0..=1) if dry <= 0.0 => 1.25,
        (dry, 3 | 45) if dry <= 0.0 => 0.75,
        (dry, _) if dry <= 0.0 => 1.0,
        (drizzle, _) if drizzle < 0.3 => 0.5,
        (rain, _) if rain < 1.0 => 0.35,
        _ => 0.25,
    }
}

const fn sensitivity(character: Character, is_working: bool) -> f64 {
    match (character, is_working) {
        (Character::Leisure, _) => 1.2,
        (_, false) => 1.1,
        (Character::Home | Character::Transit | Character::Work, true) => 0.95,
    }
}

/// 8 % of the first year's demand more each year, until the system is mature.
pub(super) fn growth(date: NaiveDate) -> f64 {
    let years = (date - OPENING).num_days() as f64 / 365.25;
    1.0 + 0.08 * years.clamp(0.0, 5.0)
}
