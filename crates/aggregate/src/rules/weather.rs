//! The rules that judge the hours of the weather archive. To add one: as in
//! [`trips`](super::trips), with its line in [`WEATHER_RULES`].

// A rule that is declared and not in the table would never run: it does not build.
#![deny(dead_code)]

use std::ops::Range;

use filrouge_types::Hour;

use crate::rule::{Check, CleaningRule, told};
use crate::source::weather::{
    APPARENT_TEMPERATURE, TEMPERATURE, Values, WEATHER_CODE, WeatherHour,
};

/// Degrees are repaired before lines are drawn between them.
pub(crate) static WEATHER_RULES: &[CleaningRule] = &[KELVIN_TEMPERATURE, MISSING_HOUR];

const KELVIN_TEMPERATURE: CleaningRule = CleaningRule {
    code: "R20",
    name: "kelvin_temperature",
    reason: "La température dépasse 150 : elle est en kelvins. Température et température ressentie de l’heure sont \
             ramenées en degrés Celsius. L’heure est réparée.",
    check: Check::RepairWeather(kelvin_temperature),
};

/// No air on earth is that warm in degrees Celsius, none that cold in kelvins.
const LOWEST_KELVIN: f64 = 150.0;
const ZERO_CELSIUS: f64 = 273.15;

fn kelvin_temperature(hours: &mut [WeatherHour]) -> Vec<(Hour, String)> {
    let mut found = Vec::new();

    for WeatherHour { hour, values, .. } in hours {
        let Some(kelvins) = values[TEMPERATURE].filter(|value| *value >= LOWEST_KELVIN) else {
            continue;
        };
        found.push((*hour, told("temperature_c", format_args!("{kelvins:?}"))));

        for index in [TEMPERATURE, APPARENT_TEMPERATURE] {
            values[index] = values[index].map(celsius);
        }
    }

    found
}

fn celsius(degrees: f64) -> f64 {
    match degrees >= LOWEST_KELVIN {
        // Sources give two decimals at most; the subtraction alone would leave 17.660000000000025.
        true => ((degrees - ZERO_CELSIUS) * 100.0).round() / 100.0,
        false => degrees,
    }
}

const MISSING_HOUR: CleaningRule = CleaningRule {
    code: "R21",
    name: "missing_hour",
    reason: "L’archive ne donne aucune valeur pour l’heure. Les valeurs de la prévision couvrant le passé sont prises \
             si elles existent ; sinon un trou de trois heures au plus est interpolé entre ses bords, et un trou plus \
             long reste sans valeur. L’heure est signalée.",
    check: Check::ReportWeather(missing_hour),
};

/// Hours over which a straight line is a fair guess of the weather.
const LONGEST_HOLE: usize = 3;

fn missing_hour(hours: &mut [WeatherHour]) -> Vec<(Hour, String)> {
    let missing: Vec<usize> = (0..hours.len())
        .filter(|&hour| is_missing(&hours[hour]))
        .collect();
    let mut origins = vec!["unknown"; hours.len()];

    for &index in &missing {
        // Made for that very hour: better than a line between its neighbours.
        hours[index].values = hours[index].forecast;
        if !is_missing(&hours[index]) {
            origins[index] = "forecast";
        }
    }

    for hole in short_holes(hours) {
        origins[hole.clone()].fill("interpolated");
        interpolate(hours, hole);
    }

    let tell = |index: usize| (hours[index].hour, told("values", origins[index]));
    missing.into_iter().map(tell).collect()
}

fn is_missing(hour: &WeatherHour) -> bool {
    hour.values.iter().all(Option::is_none)
}

/// The runs of missing hours with a known hour on either side.
fn short_holes(hours: &[WeatherHour]) -> Vec<Range<usize>> {
    let mut holes = Vec::new();
    let mut start = 0;

    for (index, _) in hours
        .iter()
        .enumerate()
        .filter(|(_, hour)| !is_missing(hour))
    {
        // A hole at the very beginning has no edge before it.
        if start > 0 && (1..=LONGEST_HOLE).contains(&(index - start)) {
            holes.push(start..index);
        }
        start = index + 1;
    }

    holes
}

/// Draws a straight line from the hour before the hole to the hour after.
fn interpolate(hours: &mut [WeatherHour], hole: Range<usize>) {
    let (before, after) = (hours[hole.start - 1].values, hours[hole.end].values);
    let steps = (hole.len() + 1) as f64;

    for (step, hour) in (1_u32..).zip(&mut hours[hole]) {
        let line = |(from, to): (f64, f64)| from + (to - from) * f64::from(step) / steps;
        hour.values = between(&before, &after, line);
    }
}

/// The values on the `line` from those before to those after. A code is no quantity: it stays that
/// of the hour before.
fn between(before: &Values, after: &Values, line: impl Fn((f64, f64)) -> f64) -> Values {
    let mut values = Values::default();
    for (index, value) in values.iter_mut().enumerate() {
        *value = before[index].zip(after[index]).map(&line);
    }

    values[WEATHER_CODE] = before[WEATHER_CODE];
    values
}

#[cfg(test)]
mod tests;
