//! The service as its clients see it, on a SQLite database of each test's own.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod access;
mod conditional;
mod context;
mod export;
mod hours;
mod load;
mod officer;
mod openapi;
mod service;
mod stations;
