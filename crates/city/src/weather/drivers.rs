use filrouge_types::Hour;

use crate::seed::{Seed, Stream};

/// The random part of the weather; each of mean 0 and deviation near 1, but `warmth`, in °C.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drivers {
    /// Departure of the air mass from the season, °C.
    pub(crate) warmth: f64,
    /// Passing of fronts: the higher, the more cloud, then rain.
    pub(crate) front: f64,
    pub(crate) wind: f64,
    /// Convection, that breaks on summer afternoons.
    pub(crate) storm: f64,
}

impl Drivers {
    pub(super) fn observed(seed: Seed, hour: Hour) -> Self {
        let hours = hour.hours_since_epoch() as f64;
        let noise = |stream, period: f64| seed.noise(stream, hours / period);
        Self {
            warmth: 4.2 * noise(Stream::Warmth, 72.0) + 2.2 * noise(Stream::WarmthOfTheDay, 34.0),
            front: 0.86 * noise(Stream::Front, 22.0) + 0.5 * noise(Stream::FrontOfTheHour, 5.0),
            wind: noise(Stream::Wind, 15.0),
            storm: noise(Stream::Storm, 4.0),
        }
    }

    /// The errors of one issue are smooth in time, like those of a real model: it is late or too
    /// warm for hours.
    pub(super) fn forecast(seed: Seed, issued: Hour, hour: Hour) -> Self {
        let truth = Self::observed(seed, hour);
        let lead = (hour - issued).max(0) as f64;

        // A new issue every hour moves a little from the one before: the error turns slowly with
        // the issue too.
        let position = issued.hours_since_epoch() as f64 / 6.0 + lead / 9.0;
        let error = |stream, at_one_day: f64| {
            // Errors add up like the steps of a random walk.
            at_one_day * (lead / 24.0).sqrt() * seed.noise(stream, position)
        };

        Self {
            warmth: truth.warmth + error(Stream::ForecastWarmth, 1.2),
            front: truth.front + error(Stream::ForecastFront, 0.22),
            wind: truth.wind + error(Stream::ForecastWind, 0.35),
            storm: truth.storm + error(Stream::ForecastStorm, 0.4),
        }
    }
}
