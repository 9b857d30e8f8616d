//! Training, evaluating and forecasting on small cities made up here.

mod place;
mod python;
mod robustness;
mod training;
