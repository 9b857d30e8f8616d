//! Files in, tables or clear errors out.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod arrow;
mod csv;
mod files;
mod parquet;
mod round_trip;
