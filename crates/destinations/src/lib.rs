#![doc = include_str!("../README.md")]

mod addresses;
mod destinations;
mod resolver;

pub use destinations::{Destinations, Refusal, Requests};
pub use resolver::GuardedResolver;
