//! Whole runs of the collection, against a small city on loopback that misbehaves when told to.

mod city;
mod faults;
mod runs;
mod server;
mod world;
