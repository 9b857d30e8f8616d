use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::limits::ConnectionLimits;

/// The step that a connection is at, and since when. A request costs three readings of the clock:
/// the one timer of the connection looks at them when it rings.
#[derive(Debug)]
pub(super) struct Pace {
    opened_at: Instant,
    limits: ConnectionLimits,
    /// Milliseconds since the opening, then the step in the last two bits.
    step: AtomicU64,
    /// Milliseconds since the opening, plus one; 0 while the client reads.
    stalled_since: AtomicU64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Header,
    Answer,
    Idle,
}

impl Pace {
    /// A connection that was just opened, which owes a request.
    pub(super) fn starting(limits: ConnectionLimits) -> Self {
        Self {
            opened_at: Instant::now(),
            limits,
            step: AtomicU64::new(Step::Header.since(0)),
            stalled_since: AtomicU64::new(0),
        }
    }

    /// Bytes came: between two requests, they begin a header.
    pub(super) fn received(&self) {
        let (step, _) = self.step();
        if step == Step::Idle {
            self.begin(Step::Header);
        }
    }

    /// The header is whole, and its request under way.
    pub(super) fn answer(&self) {
        self.begin(Step::Answer);
    }

    /// The answer is given.
    pub(super) fn rest(&self) {
        self.begin(Step::Idle);
    }

    /// The client stops reading, or reads again.
    pub(super) fn stall(&self, is_stalled: bool) {
        let is_known = self.stalled_since.load(Ordering::Relaxed) != 0;
        if is_known != is_stalled {
            let since = if is_stalled { self.now() + 1 } else { 0 };
            self.stalled_since.store(since, Ordering::Relaxed);
        }
    }

    /// Ends when the connection has been too long at something.
    pub(super) async fn late(&self) {
        let limits = &self.limits;
        // A step may begin while the timer sleeps: it wakes in time for the shortest.
        let nap = limits.header_time.min(limits.stalled_time);

        while let Some(left) = self.left() {
            tokio::time::sleep(left.min(nap)).await;
        }
    }

    /// Time left for the present step; none when it is over.
    fn left(&self) -> Option<Duration> {
        let (step, since) = self.step();
        let time = match step {
            Step::Header => self.limits.header_time,
            Step::Answer => self.limits.total_time,
            Step::Idle => self.limits.idle_time,
        };
        let mut end = Duration::from_millis(since) + time;

        let stalled = self.stalled_since.load(Ordering::Relaxed);
        if stalled != 0 {
            end = end.min(Duration::from_millis(stalled) + self.limits.stalled_time);
        }

        end.checked_sub(Duration::from_millis(self.now()))
            .filter(|left| !left.is_zero())
    }

    fn begin(&self, step: Step) {
        self.step.store(step.since(self.now()), Ordering::Relaxed);
    }

    fn step(&self) -> (Step, u64) {
        let step = self.step.load(Ordering::Relaxed);
        let kind = match step & 0b11 {
            0 => Step::Header,
            1 => Step::Answer,
            _ => Step::Idle,
        };
        (kind, step >> 2)
    }

    /// Milliseconds since the opening.
    fn now(&self) -> u64 {
        // Half a billion years fit.
        self.opened_at.elapsed().as_millis() as u64
    }
}

impl Step {
    fn since(self, millis: u64) -> u64 {
        let kind = match self {
            Self::Header => 0,
            Self::Answer => 1,
            Self::Idle => 2,
        };
        millis << 2 | kind
    }
}
