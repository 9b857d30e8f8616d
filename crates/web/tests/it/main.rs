//! The application in process, in front of fake APIs that speak HTTP on a port of their own.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set its scene up must fail there"
)]

mod access;
mod account;
mod assets;
mod attacks;
mod chances;
mod comparison;
mod contract;
mod endpoints;
mod errors;
mod forecast;
mod home;
mod language;
#[path = "../../../http/tests/shared/listing.rs"]
mod listing;
mod log_in;
mod monitoring;
mod night;
mod officer;
mod operations;
mod outage;
mod outbox;
mod report;
mod routes;
mod station;
mod support;
mod trip;
