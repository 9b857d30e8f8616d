#![doc = include_str!("../README.md")]

mod accept;
mod cursor;
mod failure;
mod list;
mod revision;
mod routes;
mod scopes;
mod service;

pub use scopes::{DataExport, DataRead};
pub use service::{Config, openapi, router, serve};
