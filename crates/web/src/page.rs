//! The pages: each is a struct, its template, and the handler that fills it.

pub(crate) mod accessibility;
pub(crate) mod home;
pub(crate) mod monitoring;
pub(crate) mod state;
pub(crate) mod station;

mod availability;
mod error;
mod forecast;
mod refreshing;
mod render;

pub(crate) use error::PageError;

#[cfg(test)]
mod tests;
