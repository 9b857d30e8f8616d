#![doc = include_str!("../README.md")]

mod accept;
mod cursor;
mod export_files;
mod failure;
mod instant;
mod list;
mod pages;
mod revision;
mod routes;
mod scopes;
mod service;
mod stream;

pub use scopes::{DataExport, DataRead, GdprAdmin, QualityRead};
pub use service::{Config, openapi, router, serve};
