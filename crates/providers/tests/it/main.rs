//! The client against a recorded server, then against real ones.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod budget;
mod contract;
mod failures;
mod harness;
mod llama;
mod privacy;
mod real;
mod recorded;
