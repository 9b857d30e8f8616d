use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Circuit breaker: after a failure, callers are turned away for a while instead of waiting one
/// after the other; then one of them tries (Nygard, *Release It!*, chapter "Circuit Breaker").
#[derive(Debug)]
pub struct Breaker {
    rest: TimeDelta,
    failed_at: Mutex<Option<DateTime<Utc>>>,
}

impl Breaker {
    /// A closed breaker that opens for `rest` after a failure; zero never opens.
    pub fn new(rest: TimeDelta) -> Self {
        Self {
            rest,
            failed_at: Mutex::default(),
        }
    }

    /// True when a call may be made at `now`. The first one after a rest is a trial: until it
    /// ends, the others are turned away for one more rest.
    pub fn lets_through(&self, now: DateTime<Utc>) -> bool {
        let mut failed_at = self
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);

        match *failed_at {
            None => true,
            // A clock that was put back must not leave the API alone for hours.
            Some(failure) if (now - failure).abs() < self.rest => false,
            Some(_) => {
                *failed_at = Some(now);
                true
            }
        }
    }

    /// Remembers how the call ended.
    pub fn record(&self, succeeded: bool, now: DateTime<Utc>) {
        let failure = (!succeeded).then_some(now);
        *self
            .failed_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = failure;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_tries_after_the_rest_and_the_others_wait_for_its_end() {
        let breaker = Breaker::new(TimeDelta::seconds(5));
        let start = DateTime::UNIX_EPOCH;
        let at = |seconds| start + TimeDelta::seconds(seconds);
        assert!(breaker.lets_through(start));

        breaker.record(false, start);
        assert!(!breaker.lets_through(at(4)));
        assert!(breaker.lets_through(at(5)), "one tries");
        assert!(!breaker.lets_through(at(5)), "the others wait");

        breaker.record(true, at(5));
        assert!(breaker.lets_through(at(5)));
    }

    #[test]
    fn a_breaker_without_rest_never_opens() {
        let breaker = Breaker::new(TimeDelta::zero());
        breaker.record(false, DateTime::UNIX_EPOCH);
        assert!(breaker.lets_through(DateTime::UNIX_EPOCH));
    }
}
