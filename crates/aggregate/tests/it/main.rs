//! The whole of cleaning and aggregation, on files as a collection leaves them.

mod city;
mod history;
mod runs;
mod world;
