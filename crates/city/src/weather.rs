//! The weather of Rivemont, by the hour.

use filrouge_types::Hour;

use crate::seed::Seed;

mod drivers;
mod hour;
mod physics;

pub(crate) use drivers::Drivers;
pub use hour::HourWeather;

/// The true weather during `hour`.
pub(crate) fn observed(seed: Seed, hour: Hour) -> HourWeather {
    physics::weather(hour, Drivers::observed(seed, hour))
}

/// The forecast of `hour` issued during `issued`: the truth, and an error that grows with the time
/// between.
pub(crate) fn forecast(seed: Seed, issued: Hour, hour: Hour) -> HourWeather {
    physics::weather(hour, Drivers::forecast(seed, issued, hour))
}

#[cfg(test)]
mod tests;
