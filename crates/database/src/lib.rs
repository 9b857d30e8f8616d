#![doc = include_str!("../README.md")]

mod engine;
mod error;
mod hour_conditions;
mod hours;
mod import;
mod maintenance;
mod migrations;
mod revisions;
mod station_hours;
mod station_status;
mod stations;
mod subscribers;
mod upcoming_hours;

pub use engine::{Database, Engine};
pub use error::{DatabaseError, Result};
pub use hours::{HourFilter, Position};
pub use import::{Begun, ImportReport, Importer, RejectedRow};
pub use maintenance::Maintenance;
pub use revisions::Resource;
pub use station_status::StationStatus;
pub use stations::StationRecord;
pub use subscribers::Subscriber;
