#![doc = include_str!("../README.md")]

mod api;
mod canary_trial;
mod config;
mod data_api;
mod demand;
mod deployer;
mod deployment;
mod engine;
mod loaded_model;
mod metrics;
mod monitor;
mod prediction_cache;
mod problems;
mod queue;
mod registry;
mod rollout;
mod routes;
mod scopes;
mod service;
mod snapshot;

pub use api::{metrics, openapi, router, serve};
pub use config::Config;
pub use data_api::DataApiError;
pub use deployer::RefreshError;
pub use registry::ReloadError;
pub use scopes::{ModelAdmin, ModelFeedback, ModelPredict};
pub use service::ModelApi;
