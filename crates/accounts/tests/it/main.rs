//! One suite for both engines: each test runs on a SQLite file of its own and, when PostgreSQL's
//! programs are installed, on a database of its own in a throw-away server.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod keeping;
mod log_in;
mod model;
#[path = "../../../database/tests/it/postgres.rs"]
#[expect(dead_code, reason = "no test of the accounts stops the server")]
mod postgres;
mod reports;
mod rights;
mod sessions;
mod support;
