//! The whole of the crate, as its callers see it.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod any_text;
mod classifier;
mod details;
mod redaction;
mod reports;
