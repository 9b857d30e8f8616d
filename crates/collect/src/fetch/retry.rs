//! Pauses between tries: later and later, and never all clients at the same instant.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::{FetchError, Limits};

/// The pauses between the tries of one address.
pub(super) struct Pauses {
    tries_left: u32,
    next: Duration,
    longest: Duration,
}

impl Pauses {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            tries_left: limits.attempts.saturating_sub(1),
            next: Duration::from_millis(limits.first_pause_milliseconds),
            longest: Duration::from_secs(limits.longest_pause_seconds),
        }
    }

    /// Wait before the next try after `error`, or `None` when trying again is useless.
    pub(super) fn after(
        &mut self,
        error: &FetchError,
        generator: &mut impl Rng,
    ) -> Option<Duration> {
        if self.tries_left == 0 || !error.may_pass() {
            return None;
        }
        self.tries_left -= 1;

        // A wait longer than ours is respected by not coming back in this run.
        if let FetchError::Status {
            retry_after: Some(asked),
            ..
        } = error
        {
            return (*asked <= self.longest).then_some(*asked);
        }

        // Half is fixed and half is drawn: the pause still grows, yet clients drift apart.
        let pause = self.next.mul_f64(generator.random_range(0.5..=1.0));
        self.next = (self.next * 2).min(self.longest);
        Some(pause)
    }
}

#[cfg(test)]
mod tests;
