#![doc = include_str!("../README.md")]

mod accessibility_grid;
mod assets;
mod chart;
mod config;
mod data_api;
mod frame;
mod framing;
mod markup;
mod model_api;
mod page;
mod routes;
mod search;
mod security;
mod texts;
mod upstream;
mod web;
mod wording;

pub use config::WebConfig;
pub use routes::{router, serve};
pub use web::Web;
