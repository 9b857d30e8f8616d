//! Training, evaluating and forecasting on small cities made up here.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, in its helpers too"
)]

mod behaviour;
mod bias_correction;
mod gates;
mod monitoring;
mod place;
mod python;
mod robustness;
mod shipped;
mod training;
