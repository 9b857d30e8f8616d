use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use chrono::{DateTime, Utc};

use super::connections::address_of_client;

/// Half of the places of a service: one client cannot take them all.
const CONCURRENT: u32 = 128;

/// The two headers of draft-ietf-httpapi-ratelimit-headers-10.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit");

/// Bound on the calls of one client. A request costs one unit, or more where it asks for more work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    /// Units a second in the long run.
    pub per_second: f64,
    /// Units at once after a rest.
    pub burst: f64,
    /// Units under way at the same time.
    pub concurrent: u32,
}

impl RateLimit {
    /// That many units a second, and those of two seconds at once after a rest.
    pub fn per_second(units: u32) -> Self {
        let per_second = f64::from(units);
        Self {
            per_second,
            burst: 2.0 * per_second,
            concurrent: CONCURRENT,
        }
    }

    fn nanos(self, units: f64) -> i64 {
        // A rate near zero would ask for centuries.
        (units / self.per_second * 1e9).min(1e17) as i64
    }
}

/// A leaky bucket (the generic cell rate algorithm) in one number: the moment at which the client
/// has its whole burst again, in nanoseconds since 1970. No lock, and no memory beside it.
#[derive(Debug, Default)]
struct Bucket(AtomicI64);

/// The state of a bucket once a request was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Level {
    /// Units left.
    remaining: u32,
    /// Seconds until the whole burst is there again.
    reset: u32,
}

impl Bucket {
    /// Takes `cost` units, or says how many seconds to wait.
    fn take(&self, limit: RateLimit, cost: f64, now: DateTime<Utc>) -> Result<Level, u32> {
        let now = now.timestamp_nanos_opt().unwrap_or(i64::MAX / 2);
        let (burst, cost) = (limit.nanos(limit.burst), cost.min(limit.burst));
        let mut before = self.0.load(Ordering::Relaxed);

        loop {
            // A clock that jumped back empties the bucket, and no more.
            let bounded = before.min(now + burst);
            let after = bounded.max(now) + limit.nanos(cost);
            let missing = after - (now + burst);
            // A nanosecond of rounding refuses nobody.
            let is_refused = missing > 1;
            if is_refused && bounded == before {
                return Err(seconds(missing));
            }

            let after = if is_refused { bounded } else { after };
            let taken =
                self.0
                    .compare_exchange_weak(before, after, Ordering::Relaxed, Ordering::Relaxed);
            match taken {
                Ok(_) if is_refused => return Err(seconds(missing)),
                Ok(_) => {
                    let left = (now + burst - after) as f64 / 1e9 * limit.per_second;
                    return Ok(Level {
                        remaining: (left + 1e-6) as u32,
                        reset: seconds(after - now),
                    });
                }
                Err(actual) => before = actual,
            }
        }
    }
}

/// Whole seconds, rounded up; an hour at most.
fn seconds(nanos: i64) -> u32 {
    (nanos as f64 / 1e9).ceil().clamp(1.0, 3600.0) as u32
}

/// The allowance of one client, and its requests under way.
#[derive(Debug)]
pub(crate) struct Allowance {
    limit: RateLimit,
    policy: HeaderValue,
    bucket: Bucket,
    running: AtomicU32,
}

impl Allowance {
    pub(crate) fn new(limit: RateLimit) -> Arc<Self> {
        let window = (limit.burst / limit.per_second).ceil().max(1.0);
        let policy = format!("\"client\";q={};w={window}", limit.burst as u64);
        Arc::new(Self {
            limit,
            policy: HeaderValue::try_from(policy)
                .unwrap_or_else(|_| HeaderValue::from_static("\"client\"")),
            bucket: Bucket::default(),
            running: AtomicU32::new(0),
        })
    }

    /// Takes `cost` units until the place is dropped, or says how many seconds to wait.
    pub(crate) fn take(
        self: &Arc<Self>,
        cost: u32,
        now: DateTime<Utc>,
    ) -> Result<ClientPermit, u32> {
        let mut place = ClientPermit {
            allowance: Arc::clone(self),
            cost: 0,
            prepaid: 0,
        };
        place.take(cost, now).map(|()| place)
    }

    /// Takes the unit of any request and the `body` units of its body, which are paid in advance for
    /// what the request costs further.
    pub(crate) fn enter(
        self: &Arc<Self>,
        body: u32,
        now: DateTime<Utc>,
    ) -> Result<ClientPermit, u32> {
        let mut place = self.take(body.saturating_add(1), now)?;
        place.prepaid = body;
        Ok(place)
    }
}

/// Units under way, given back once it is dropped.
#[derive(Debug)]
pub(crate) struct ClientPermit {
    allowance: Arc<Allowance>,
    cost: u32,
    /// Units taken already for the further cost of a request.
    prepaid: u32,
}

impl ClientPermit {
    /// Takes `cost` units more, or says how many seconds to wait.
    pub(crate) fn take(&mut self, cost: u32, now: DateTime<Utc>) -> Result<(), u32> {
        let Allowance {
            limit,
            policy,
            bucket,
            running,
        } = &*self.allowance;

        let prepaid = cost.min(self.prepaid);
        self.prepaid -= prepaid;
        let cost = cost - prepaid;
        if cost == 0 {
            return Ok(());
        }

        // The dearest request is possible for a client that does nothing else.
        let cost = cost.min(limit.concurrent - self.cost);
        let before = running.fetch_add(cost, Ordering::Relaxed);
        self.cost += cost;
        if before + cost > limit.concurrent {
            return Err(1);
        }

        let taken = bucket.take(*limit, f64::from(cost), now);
        let level = taken.unwrap_or_else(|reset| Level {
            remaining: 0,
            reset,
        });
        // Outside a service, in a test, nobody asks.
        let _ = SPENT.try_with(|spent| spent.set(Some((policy.clone(), level))));
        taken.map(drop)
    }
}

impl Drop for ClientPermit {
    fn drop(&mut self) {
        self.allowance
            .running
            .fetch_sub(self.cost, Ordering::Relaxed);
    }
}

tokio::task_local! {
    /// The allowance of the client whose request the task answers, once it is known.
    static SPENT: Cell<Option<(HeaderValue, Level)>>;
}

/// Runs `answer`, and gives the headers that tell its client how many units are left.
pub(crate) async fn observed<T>(answer: impl Future<Output = T>) -> (T, HeaderMap) {
    let observe = async {
        let answer = answer.await;
        (answer, SPENT.with(Cell::take))
    };
    let (answer, spent) = SPENT.scope(Cell::new(None), observe).await;

    let mut headers = HeaderMap::new();
    if let Some((policy, level)) = spent {
        let text = format!("\"client\";r={};t={}", level.remaining, level.reset);
        headers.insert(POLICY, policy);
        if let Ok(remaining) = HeaderValue::try_from(text) {
            headers.insert(REMAINING, remaining);
        }
    }
    (answer, headers)
}

/// Bound on the calls of addresses that have not proved who they are: a fixed number of buckets, so
/// that no flood of addresses takes memory. Two addresses that share one share its units.
#[derive(Debug)]
pub struct AddressLimit {
    limit: RateLimit,
    buckets: Box<[Bucket]>,
    // Drawn at each start: nobody can aim at the bucket of another.
    hasher: RandomState,
}

/// Buckets of an [`AddressLimit`]: 32 kB.
const BUCKETS: usize = 4096;

impl AddressLimit {
    /// The same `limit` for each address and name.
    pub fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            buckets: std::iter::repeat_with(Bucket::default)
                .take(BUCKETS)
                .collect(),
            hasher: RandomState::new(),
        }
    }

    /// Takes one unit of `address` under `name`.
    ///
    /// # Errors
    /// The number of seconds to wait, when none is left.
    pub fn admit(&self, address: IpAddr, name: &str, now: DateTime<Utc>) -> Result<(), u32> {
        let address = address_of_client(address);
        let hash = self.hasher.hash_one((address, name));
        let bucket = &self.buckets[hash as usize % BUCKETS];
        bucket.take(self.limit, 1.0, now).map(drop)
    }
}

#[cfg(test)]
mod tests;
