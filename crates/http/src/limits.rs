//! Bounds, so that overload is an answer at once and never a queue without end.

mod guard;
mod rate;

use std::time::Duration;

pub(crate) use guard::Guard;
pub use rate::RateLimit;
pub(crate) use rate::RateLimiter;

/// The bounds of one service.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests answered at the same time; one more gets a 503 at once.
    pub concurrent_requests: usize,
    /// The longest time to the first byte of an answer.
    pub time_to_answer: Duration,
    /// The largest body, bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_requests: 256,
            time_to_answer: Duration::from_secs(20),
            body_bytes: 1 << 20,
        }
    }
}
