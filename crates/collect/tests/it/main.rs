//! Whole runs of the collection, against a small city on loopback that misbehaves when told to.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that goes wrong")]

mod city;
mod faults;
mod runs;
mod server;
mod world;
