//! The rules as Prometheus's own tools read them, and the time in which a person is told.
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod promtool;
mod told_in_time;
