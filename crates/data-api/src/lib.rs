#![doc = include_str!("../README.md")]

mod accept;
mod cursor;
mod documented;
mod exports;
mod failure;
mod hour_items;
mod instant;
mod list;
mod metrics;
mod page_cache;
mod readiness;
mod revision;
mod routes;
mod scopes;
mod service;
mod state;

pub use scopes::{DataExport, DataRead, GdprAdmin, QualityRead};
pub use service::{Config, metrics, openapi, router, serve};
