#![doc = include_str!("../README.md")]

mod access;
mod accessibility_grid;
mod assets;
mod attempts;
mod chart;
mod config;
mod data_api;
mod form;
mod frame;
mod framing;
mod health;
mod markup;
mod model_api;
mod officer_api;
mod page;
mod quality_api;
mod rebalancing;
mod report_reader;
mod request_counts;
mod routes;
mod search;
mod security;
mod service_state;
mod session_cookie;
mod texts;
mod upstream;
mod usual_week;
mod web;
mod wording;

pub use access::{AccessRule, Right};
pub use config::{ApiCredential, WebConfig};
pub use report_reader::{
    OpenReportReader, REPORT_CATEGORIES, REPORT_URGENCIES, ReadSorting, ReaderState, ReportReader,
};
pub use routes::{access_table, router, serve};
pub use web::Web;
