//! The pages: each is a struct, its template, and the handler that fills it.

pub(crate) mod accessibility;
pub(crate) mod account;
pub(crate) mod account_rights;
pub(crate) mod account_security;
pub(crate) mod audit_log;
pub(crate) mod breach;
pub(crate) mod comparison;
pub(crate) mod favourites;
pub(crate) mod home;
pub(crate) mod log_in;
pub(crate) mod monitoring;
pub(crate) mod operations;
pub(crate) mod personal_data;
pub(crate) mod quality;
pub(crate) mod recovery;
pub(crate) mod report;
pub(crate) mod reports;
pub(crate) mod sign_up;
pub(crate) mod site_map;
pub(crate) mod state;
pub(crate) mod station;
pub(crate) mod trip;

mod account_change;
mod availability;
mod chances;
mod error;
mod fault;
mod forecast;
mod form_page;
mod map;
mod refreshing;
mod render;
mod respond;
mod station_field;
mod visit;

pub(crate) use error::PageError;

#[cfg(test)]
mod tests;
