//! The service as its clients see it, on a SQLite database of each test's own.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod access;
mod conditional;
mod context;
mod export;
mod filters;
mod hours;
#[path = "../../../http/tests/shared/listing.rs"]
mod listing;
mod load;
mod officer;
mod openapi;
mod plans;
#[path = "../../../database/tests/it/postgres.rs"]
#[expect(dead_code, reason = "the reliability suite alone stops the server")]
mod postgres;
mod readiness;
mod service;
mod stations;
