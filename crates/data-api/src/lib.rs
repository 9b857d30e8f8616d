#![doc = include_str!("../README.md")]

mod accept;
mod cursor;
mod exports;
mod failure;
mod instant;
mod list;
mod pages;
mod revision;
mod routes;
mod scopes;
mod service;

pub use scopes::{DataExport, DataRead, GdprAdmin, QualityRead};
pub use service::{Config, openapi, router, serve};
