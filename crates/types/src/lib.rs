#![doc = include_str!("../README.md")]

mod clock;
mod demand;
pub mod gbfs;
mod hour;
mod station;

pub use clock::{Clock, FixedClock, SystemClock};
pub use demand::{CONTRACT_COLUMNS, Conditions, StationHour, Weather};
pub use hour::{Hour, HourError};
pub use station::{Station, StationId, StationIdError};
