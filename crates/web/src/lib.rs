#![doc = include_str!("../README.md")]

mod assets;
mod chart;
mod config;
mod data_api;
mod frame;
mod framing;
mod health;
mod markup;
mod model_api;
mod page;
mod request_counts;
mod routes;
mod search;
mod security;
mod service_state;
mod texts;
mod upstream;
mod web;
mod wording;

pub use config::WebConfig;
pub use routes::{router, serve};
pub use web::Web;
