//! The rules as Prometheus's own tools read them, and the time in which a person is told.

mod promtool;
mod told_in_time;
