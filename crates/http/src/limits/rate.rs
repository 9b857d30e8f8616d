use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// Bound on the calls of one client: a token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Requests a second in the long run.
    pub per_second: f64,
    /// Requests at once after a rest.
    pub burst: f64,
}

impl RateLimit {
    /// That many requests a second, and those of two seconds at once after a rest.
    pub fn per_second(requests: u32) -> Self {
        let per_second = f64::from(requests);
        Self {
            per_second,
            burst: 2.0 * per_second,
        }
    }
}

/// One bucket a client. Only clients with a verified token have one, so the table is bounded.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: RateLimit,
    buckets: Mutex<HashMap<Box<str>, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    level: f64,
    filled_at: DateTime<Utc>,
}

impl RateLimiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            buckets: Mutex::default(),
        }
    }

    /// Takes one request from the client's bucket, or says how many seconds to wait.
    pub(crate) fn admit(&self, client_id: &str, now: DateTime<Utc>) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(client_id) {
            return bucket.take(self.limit, now);
        }
        let mut bucket = Bucket {
            level: self.limit.burst,
            filled_at: now,
        };
        let answer = bucket.take(self.limit, now);
        buckets.insert(client_id.into(), bucket);
        answer
    }
}

impl Bucket {
    fn take(&mut self, limit: RateLimit, now: DateTime<Utc>) -> Result<(), u32> {
        // The clock may go back: a bucket does not empty for that.
        let seconds = (now - self.filled_at).as_seconds_f64().max(0.0);
        self.level = (self.level + seconds * limit.per_second).min(limit.burst);
        self.filled_at = now;
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Ok(());
        }
        Err(((1.0 - self.level) / limit.per_second)
            .ceil()
            // A rate near zero would ask for years.
            .clamp(1.0, 3600.0) as u32)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_client_spends_its_burst_then_waits_for_its_rate() {
        let limiter = RateLimiter::new(RateLimit {
            per_second: 0.5,
            burst: 2.0,
        });
        let start = DateTime::UNIX_EPOCH;
        let seconds = |seconds| start + TimeDelta::seconds(seconds);

        assert_eq!(limiter.admit("demo", start), Ok(()));
        assert_eq!(limiter.admit("demo", start), Ok(()));
        assert_eq!(limiter.admit("demo", start), Err(2));
        assert_eq!(
            limiter.admit("web", start),
            Ok(()),
            "another client has its own allowance"
        );

        assert_eq!(limiter.admit("demo", seconds(1)), Err(1));
        assert_eq!(limiter.admit("demo", seconds(2)), Ok(()));
    }
}
