#![doc = include_str!("../README.md")]

mod breaker;
mod client;
pub mod data;
mod error;
pub mod fake;
pub mod instant;
pub mod model;
pub mod request_id;
mod retry;
mod token_client;

pub use breaker::{Breaker, CallEnd};
pub use client::{ApiClient, ApiClientConfig, Page};
pub use error::ApiError;
pub use retry::Retry;
pub use token_client::{SecretSource, TokenClient, TokenClientConfig, TokenClientError};
