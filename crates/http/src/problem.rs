//! Errors as RFC 9457 `application/problem+json`: a stable type, a French title and detail, the
//! field at fault.

mod body;
mod documented;

pub use body::*;
pub use documented::*;
