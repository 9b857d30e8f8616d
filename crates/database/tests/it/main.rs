//! One suite for both engines: each test runs on a SQLite file of its own and, when PostgreSQL's
//! programs are installed, on a database of its own in a throw-away server.

mod engines;
mod hours;
mod import;
mod killed;
mod migrations;
mod model;
mod postgres;
mod samples;
mod speed;
mod stations;
