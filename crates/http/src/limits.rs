//! Bounds, so that overload is an answer at once and never a queue without end.

mod connections;
mod guard;
mod rate;

pub use connections::ConnectionLimits;
pub(crate) use connections::address_of_client;
pub(crate) use guard::Guard;
pub use guard::Limits;
pub use rate::RateLimit;
pub(crate) use rate::{Addresses, Allowance, ClientPermit};
