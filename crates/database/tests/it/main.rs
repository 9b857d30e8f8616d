//! One suite for both engines: each test runs on a SQLite file of its own and, when PostgreSQL's
//! programs are installed, on a database of its own in a throw-away server.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod engines;
mod gdpr;
mod hours;
mod import;
mod killed;
mod merise;
mod migrations;
mod model;
#[expect(dead_code, reason = "the reliability suite alone stops the server")]
mod postgres;
mod published;
mod register;
mod samples;
mod stations;
