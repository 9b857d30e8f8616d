#![doc = include_str!("../README.md")]

mod export;
mod span;

pub use export::{StartError, finish, start};
pub use span::{ServerRequest, Span, traceparent};
