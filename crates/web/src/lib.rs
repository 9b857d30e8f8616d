#![doc = include_str!("../README.md")]

mod assets;
mod chart;
mod config;
mod data_api;
mod model_api;
mod monitoring;
mod page;
mod routes;
mod search;
mod security;
mod trend;
mod upstream;
mod wording;

pub use config::WebConfig;
pub use routes::{Web, router, serve};
