//! What multiplies the ordinary day.

use super::{Character, DateConditions, Datelike, HourConditions, NaiveDate, Weekday};

/// Remote work empties Mondays and Fridays; evenings out fill the end of the week.
pub(super) fn weekday(character: Character, hour: &HourConditions<'_>) -> f64 {
    let evening = hour.hour_of_day >= 18;
    match (hour.date.date.weekday(), character) {
        (Weekday::Mon, Character::Leisure) => 0.78,
        (Weekday::Mon, _) => 0.9,
        (Weekday::Tue, _) => 1.06,
        (Weekday::Thu, Character::Leisure) if evening => 1.3,
        (Weekday::Fri, Character::Work | Character::Transit) => 0.84,
        (Weekday::Fri, _) if evening => 1.3,
        (Weekday::Sun, Character::Leisure) if evening => 0.6,
        (Weekday::Sun, _) => 0.85,
        _ => 1.0,
    }
}

/// Holidays send workers away and bring walkers.
pub(super) fn calendar(character: Character, date: &DateConditions) -> f64 {
    let school = match (date.is_school_holiday, character) {
        (false, _) => 1.0,
        (true, Character::Leisure) => 1.2,
        (true, Character::Transit) => 0.72,
        (true, Character::Home | Character::Work) => 0.62,
    };
    if date.is_public_holiday { school * 0.8 } else { school }
}

/// Cold, heat, water and wind, felt more by those who ride for pleasure.
pub(super) fn weather(character: Character, hour: &HourConditions<'_>) -> f64 {
    let weather = &hour.weather;
    let felt = f64::from(weather.apparent_temperature_c);
    let cold = (-0.052 * (19.0 - felt).max(0.0)).exp();
    let heat = (-0.07 * (felt - 28.0).max(0.0)).exp();
    let wind = (-0.016 * (f64::from(weather.wind_speed_kmh) - 20.0).max(0.0)).exp();
    let water = water(f64::from(weather.precipitation_mm), weather.weather_code);
    (cold * heat * wind * water).powf(sensitivity(character, hour.date.is_working))
}

fn water(precipitation_mm: f64, weather_code: u8) -> f64 {
    match precipitation_mm {
        _ if (71..=77).contains(&weather_code) => 0.3,
        dry if dry <= 0.0 => 1.0,
        drizzle if drizzle < 0.5 => 0.7,
        rain if rain < 2.0 => 0.52,
        _ => 0.32,
    }
}

const fn sensitivity(character: Character, is_working: bool) -> f64 {
    match (character, is_working) {
        (Character::Leisure, _) => 1.25,
        (_, false) => 1.15,
        (Character::Home | Character::Transit | Character::Work, true) => 0.9,
    }
}

/// 8 % of the first year's demand more each year, until the system is mature.
pub(super) fn growth(date: NaiveDate) -> f64 {
    const OPENING_DAY_OF_CE: i32 = 738_521; // 2023-01-01
    let years = f64::from(date.num_days_from_ce() - OPENING_DAY_OF_CE) / 365.25;
    1.0 + 0.08 * years.clamp(0.0, 6.0)
}
