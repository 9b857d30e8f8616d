//! The pages: each is a struct, its template, and the handler that fills it.

pub(crate) mod accessibility;
pub(crate) mod comparison;
pub(crate) mod home;
pub(crate) mod monitoring;
pub(crate) mod site_map;
pub(crate) mod station;
pub(crate) mod trip;

mod availability;
mod chances;
mod error;
mod forecast;
mod map;
mod render;
mod station_field;

pub(crate) use error::PageError;

#[cfg(test)]
mod tests;
