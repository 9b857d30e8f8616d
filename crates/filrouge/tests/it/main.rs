//! The program as a whole: what its manifests promise, what its commands answer, what a kill leaves
//! behind.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod ai_service;
mod bad_input;
mod collection;
mod data_api;
mod gdpr;
mod invariants;
mod killed;
mod pipe;
mod place_names;
mod program;
mod proxy;
mod triage;
