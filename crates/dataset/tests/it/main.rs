//! Files in, tables or clear errors out.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]
#![expect(clippy::print_stdout, reason = "a fuzz test says how far it went")]

mod arrow;
mod csv;
mod files;
#[path = "../../../../tests/fuzz/fuzz.rs"]
mod fuzz;
mod fuzzed;
mod parquet;
mod round_trip;
