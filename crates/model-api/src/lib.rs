#![doc = include_str!("../README.md")]

mod api;
mod champion;
mod config;
mod data_api;
mod engine;
mod knowledge;
mod metrics;
mod monitor;
mod queue;
mod recall;
mod routes;
mod service;
mod serving;
mod trials;

pub use api::{openapi, router, serve};
pub use champion::ReloadError;
pub use config::Config;
pub use data_api::DataApiError;
pub use routes::{ModelAdmin, ModelFeedback, ModelPredict};
pub use service::{ModelApi, RefreshError};
