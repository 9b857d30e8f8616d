//! The service as its clients see it, on a SQLite database of each test's own.

mod access;
mod conditional;
mod export;
mod hours;
mod openapi;
mod service;
mod stations;
