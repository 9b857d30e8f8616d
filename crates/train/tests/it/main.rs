//! Training, evaluating and forecasting on small cities made up here.

mod place;
mod robustness;
mod training;
