//! The whole of the crate, as its callers see it.

mod redaction;
