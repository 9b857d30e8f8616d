//! The service in process, with a small model made here and a data API that speaks HTTP on a port
//! of its own.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set its scene up must fail there"
)]

mod access;
mod administration;
mod availability;
mod canary;
mod forecast;
mod fuzz;
mod hostile;
#[path = "../../../http/tests/shared/listing.rs"]
mod listing;
mod metrics;
mod open_inference;
mod openapi;
mod outcomes;
mod prediction_cache;
mod predictions;
mod rollout;
mod routes;
mod serving;
mod signature;
mod support;
mod weather;
