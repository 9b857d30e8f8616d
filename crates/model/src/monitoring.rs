//! Monitoring: the last day's realised quality beside the days of the backtest, and the drift of
//! the inputs.
//!
//! Two things are kept apart. An **alarm** is raised by outcomes only (error, relative bias,
//! interval coverage, hourly dispersion, residual of the system): something is wrong for riders. A
//! **drift warning** is about inputs: it explains an alarm, or comes before one, and wakes nobody
//! up.

mod control;
mod distribution;
mod inputs;
mod metric;
mod robust;
#[cfg(test)]
mod tests;

pub use control::{Alarm, ControlChart, ControlLimits};
pub use distribution::{
    jensen_shannon, kolmogorov_smirnov, population_stability, psi_threshold, rejected,
};
pub use inputs::{DriftWarning, InputDrift};
pub use metric::{Metric, Window};
pub use robust::{mad_sigma, median};
