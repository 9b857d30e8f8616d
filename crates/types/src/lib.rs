#![doc = include_str!("../README.md")]

mod city_profile;
mod clock;
mod demand;
pub mod gbfs;
mod hour;
mod secret;
mod station;

pub use city_profile::{CityProfile, Language, LanguageError};
pub use clock::{Clock, FixedClock, SystemClock};
pub use demand::{CONTRACT_COLUMNS, Conditions, StationHour, Weather};
pub use hour::{Hour, HourError};
pub use secret::Secret;
pub use station::{Station, StationId, StationIdError};
