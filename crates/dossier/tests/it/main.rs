//! The jury's door as its users see it.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod exit_codes;
mod hostile;
mod processes;
