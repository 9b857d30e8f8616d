//! Published trip files in, a lake that answers queries out.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod convert;
mod files;
mod history;
mod ingest;
mod query;
