#![doc = include_str!("../README.md")]

mod addresses;
mod asked_wait;
mod destinations;
mod resolver;

pub use asked_wait::asked_wait;
pub use destinations::{Destinations, Refusal, Requests};
pub use resolver::GuardedResolver;
