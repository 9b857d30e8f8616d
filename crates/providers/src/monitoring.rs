//! The monitoring that the service itself gives, read from its `/metrics` and drawn beside our own
//! counters.

mod graph;
mod page;
mod scrape;

pub use page::{Moment, monitoring_page};
pub use scrape::{OwnCounts, ScrapeError, ServiceCounts, Watcher};
