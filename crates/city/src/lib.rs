#![doc = include_str!("../README.md")]

mod calendar;
mod city;
mod day;
mod defects;
mod demand;
mod events;
mod files;
mod flows;
mod geography;
mod http;
mod incidents;
mod publication;
mod seed;
mod station_hours;
mod weather;

pub use calendar::{
    PublicHoliday, SchoolHoliday, easter_sunday, is_public_holiday, is_school_holiday,
    public_holidays, school_holidays,
};
pub use city::{Availability, City};
pub use defects::{Defect, DefectKind, DefectRates, WEATHER_ARCHIVE};
pub use events::Event;
pub use files::{WriteOptions, Written, write_files};
pub use http::{router, serve};
pub use incidents::{Incident, IncidentKind};
pub use weather::HourWeather;
