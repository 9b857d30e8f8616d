//! Whole runs of the collection, against a small city on loopback that misbehaves when told to.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that goes wrong"
)]
#![expect(clippy::print_stdout, reason = "a test says what it measured")]

mod city;
mod faults;
mod network;
mod operator;
mod runs;
mod server;
mod world;

/// A throw-away PostgreSQL server: the one of the tests of the database.
#[path = "../../../database/tests/it/postgres.rs"]
#[expect(dead_code, reason = "the reliability suite alone stops the server")]
mod postgres;
