//! From chance, season and time of day to figures that agree with one another.

use std::f64::consts::TAU;

use chrono::{Datelike, Timelike};
use filrouge_types::Hour;

use super::drivers::Drivers;
use super::hour::HourWeather;

/// Threshold of rain on the scale of fronts: about one hour in six is wet.
const RAIN_FROM: f64 = 0.9;

pub(super) fn weather(hour: Hour, drivers: Drivers) -> HourWeather {
    let season = season(hour);
    let height = sun_height(hour);
    let cloud = (0.5 + 0.45 * drivers.front).clamp(0.0, 1.0);
    let water = round(rain(drivers) + storm(drivers, season, height), 1.0);
    // Clear days swing more than cloudy ones, summer more than winter.
    let swing = (3.6 + 1.6 * season) * (1.0 - 0.55 * cloud);
    let chill = if water > 0.0 { 1.5 } else { 0.0 };
    let temperature = round(
        12.4 + 9.2 * season + drivers.warmth + swing * height - chill,
        1.0,
    );

    let wind = round(
        (11.0 + 6.5 * drivers.wind + 4.0 * drivers.front).max(0.4),
        1.0,
    );
    let humidity = humidity(season, height, cloud, water);

    HourWeather {
        temperature_c: temperature as f32,
        apparent_temperature_c: round(apparent_temperature(temperature, humidity, wind), 1.0)
            as f32,
        relative_humidity_pct: humidity as f32,
        wind_speed_kmh: wind as f32,
        precipitation_mm: water as f32,
        weather_code: code(
            temperature,
            water,
            cloud,
            humidity,
            storm(drivers, season, height) > 1.0,
        ),
    }
}

/// From −1 in January to 1 in July.
fn season(hour: Hour) -> f64 {
    // The coldest days come a month after the solstice, about 21 January.
    -(TAU * (f64::from(hour.start().ordinal()) - 21.0) / 365.25).cos()
}

/// From −1 before dawn to 1 in the afternoon, by the mean solar time of 4.1° E.
fn sun_height(hour: Hour) -> f64 {
    // The middle of the hour; the sun takes an hour for 15 degrees.
    let solar = f64::from(hour.start().hour()) + 0.5 + 4.1 / 15.0;
    (TAU * (solar - 15.0) / 24.0).cos()
}

/// mm in the hour.
fn rain(drivers: Drivers) -> f64 {
    (drivers.front - RAIN_FROM).max(0.0) * 1.1
}

/// mm in the hour: warm afternoons only.
fn storm(drivers: Drivers, season: f64, height: f64) -> f64 {
    if season > 0.3 && height > 0.2 {
        (drivers.storm - 1.3).max(0.0) * 3.5 * season
    } else {
        0.0
    }
}

fn humidity(season: f64, height: f64, cloud: f64, water: f64) -> f64 {
    let wet = if water > 0.0 { 14.0 } else { 0.0 };
    round(
        66.0 - 6.0 * season - 15.0 * height * (1.0 - 0.4 * cloud) + 14.0 * cloud + wet,
        0.0,
    )
    .clamp(22.0, 100.0)
}

/// Steadman's apparent temperature without radiation, as the Australian Bureau of Meteorology
/// publishes it: `T + 0.33 e − 0.70 v − 4`, with e the water-vapour pressure in hPa and v the wind
/// in m/s.
fn apparent_temperature(temperature: f64, humidity: f64, wind: f64) -> f64 {
    let vapour = humidity / 100.0 * 6.105 * (17.27 * temperature / (237.7 + temperature)).exp();
    temperature + 0.33 * vapour - 0.70 * wind / 3.6 - 4.0
}

/// WMO table 4677, the subset that Open-Meteo uses.
fn code(temperature: f64, water: f64, cloud: f64, humidity: f64, thunder: bool) -> u8 {
    let scale = |codes: [u8; 3], limits: [f64; 2]| {
        codes[limits.iter().filter(|limit| water > **limit).count()]
    };

    match (water > 0.0, temperature < 0.5) {
        (true, true) => scale([71, 73, 75], [0.4, 1.0]),
        (true, false) if thunder => 95,
        (true, false) if water < 0.4 => scale([51, 53, 55], [0.1, 0.2]),
        (true, false) => scale([61, 63, 65], [1.0, 2.0]),
        (false, _) if humidity > 96.0 => 45,
        (false, _) => [0, 1, 2, 3][[0.2, 0.45, 0.8]
            .iter()
            .filter(|limit| cloud > **limit)
            .count()],
    }
}

/// Rounds to 0 or 1 decimal, and never gives −0.
fn round(value: f64, decimals: f64) -> f64 {
    let scale = 10.0_f64.powf(decimals);
    (value * scale).round() / scale + 0.0
}
