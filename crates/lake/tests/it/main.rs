//! Published trip files in, a lake that answers queries out.

mod convert;
mod edinburgh;
mod files;
mod ingest;
mod query;
