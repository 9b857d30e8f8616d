//! The whole of cleaning and aggregation, on files as a collection leaves them.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]
#![expect(clippy::print_stdout, reason = "a test says what it counted")]

mod city;
mod history;
mod runs;
mod shapes;
mod world;
