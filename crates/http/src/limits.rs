//! Bounds, so that overload is an answer at once and never a queue without end.

mod connections;
mod guard;
mod rate;

pub use connections::ConnectionLimits;
pub(crate) use connections::address_of_client;
pub use guard::Limits;
pub(crate) use guard::{BodyUnits, Guard};
pub use rate::{AddressLimit, RateLimit};
pub(crate) use rate::{Allowance, ClientPermit};
