use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Circuit breaker: after a failure, callers are turned away for a while instead of waiting one
/// after the other; then one of them tries (Nygard, *Release It!*, chapter "Circuit Breaker").
#[derive(Debug)]
pub struct Breaker {
    rest: TimeDelta,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failed_at: Option<DateTime<Utc>>,
    /// The rest that the API asked for, when it is longer than ours.
    asked: TimeDelta,
    /// Calls in a row whose answer was a failure.
    bad_answers: u32,
}

/// The outcome of a call, for the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// The API answered as it should.
    Answered,
    /// It answered something else: the request may be at fault alone.
    BadAnswer,
    /// It could not be reached, or was silent for too long.
    NoAnswer,
}

/// Answers in a row that make an API a failing one.
const BAD_ANSWERS: u32 = 3;

impl Breaker {
    /// A closed breaker that opens for `rest` after a failure; zero never opens.
    pub fn new(rest: TimeDelta) -> Self {
        Self {
            rest,
            state: Mutex::default(),
        }
    }

    /// True when a call may be made at `now`. The first one after a rest is a trial: until it
    /// ends, the others are turned away for one more rest.
    pub fn lets_through(&self, now: DateTime<Utc>) -> bool {
        let mut state = self.state();

        match state.failed_at {
            None => true,
            Some(_) if state.is_resting(self.rest, now) => false,
            Some(_) => {
                state.failed_at = Some(now);
                state.asked = TimeDelta::zero();
                true
            }
        }
    }

    /// True while callers are turned away at `now`. Unlike [`lets_through`](Self::lets_through),
    /// asking changes nothing.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.state().is_resting(self.rest, now)
    }

    /// Turns callers away for that long from `now`, when it is longer than the rest after any failure:
    /// the API asked for it.
    pub fn leave_alone(&self, asked: TimeDelta, now: DateTime<Utc>) {
        let mut state = self.state();
        state.failed_at = Some(now);
        state.asked = asked;
    }

    /// Remembers how the call ended.
    pub fn record(&self, end: CallEnd, now: DateTime<Utc>) {
        let mut state = self.state();
        state.bad_answers = match end {
            CallEnd::BadAnswer => state.bad_answers.saturating_add(1),
            CallEnd::Answered | CallEnd::NoAnswer => 0,
        };

        if end == CallEnd::Answered {
            state.asked = TimeDelta::zero();
        }
        // A trial that fails opens the breaker again at once.
        let is_open = state.failed_at.is_some();
        state.failed_at = match end {
            CallEnd::Answered => None,
            CallEnd::BadAnswer if !is_open && state.bad_answers < BAD_ANSWERS => None,
            CallEnd::BadAnswer | CallEnd::NoAnswer => Some(now),
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// True from the last failure until the end of our rest, or of the one that the API asked for.
    fn is_resting(&self, rest: TimeDelta, now: DateTime<Utc>) -> bool {
        // A clock that was put back must not leave the API alone for hours.
        self.failed_at
            .is_some_and(|failure| (now - failure).abs() < rest.max(self.asked))
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

        breaker.record(CallEnd::NoAnswer, start);
        assert!(
            breaker.is_open(at(4)) && !breaker.is_open(at(5)),
            "looking is no trial"
        );
        assert!(!breaker.lets_through(at(4)));
        assert!(breaker.lets_through(at(5)), "one tries");
        assert!(!breaker.lets_through(at(5)), "the others wait");

        breaker.record(CallEnd::Answered, at(5));
        assert!(breaker.lets_through(at(5)));
    }

    #[test]
    fn an_api_that_asks_for_a_longer_rest_gets_it_once() {
        let breaker = Breaker::new(TimeDelta::seconds(5));
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        breaker.record(CallEnd::NoAnswer, at(0));
        breaker.leave_alone(TimeDelta::seconds(60), at(0));
        assert!(!breaker.lets_through(at(59)) && breaker.is_open(at(59)));
        assert!(breaker.lets_through(at(60)), "one tries");

        breaker.record(CallEnd::NoAnswer, at(60));
        assert!(breaker.lets_through(at(65)), "the rest is ours again");

        breaker.leave_alone(TimeDelta::seconds(1), at(70));
        assert!(!breaker.lets_through(at(74)), "ours is longer");
    }

    #[test]
    fn a_breaker_without_rest_never_opens() {
        let breaker = Breaker::new(TimeDelta::zero());
        breaker.record(CallEnd::NoAnswer, DateTime::UNIX_EPOCH);
        assert!(breaker.lets_through(DateTime::UNIX_EPOCH));
    }

    #[test]
    fn one_bad_answer_closes_nothing_and_three_in_a_row_do() {
        let breaker = Breaker::new(TimeDelta::seconds(5));
        let start = DateTime::UNIX_EPOCH;
        let answer = |end| {
            breaker.record(end, start);
            breaker.lets_through(start)
        };

        assert!(answer(CallEnd::BadAnswer) && answer(CallEnd::BadAnswer));
        assert!(answer(CallEnd::Answered));
        assert!(answer(CallEnd::BadAnswer) && answer(CallEnd::BadAnswer));
        assert!(!answer(CallEnd::BadAnswer));
    }
}
