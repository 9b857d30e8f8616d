//! Work that waits for a few workers, and is taken several items at a time.
//!
//! One worker does all that is small: requests that come while it runs wait for it and are then run
//! together, which costs hardly more than one alone, and no other thread is woken for it. Another
//! worker comes to help as soon as there is enough for two. When nobody works, the caller says when
//! to begin: it may have other items to bring first.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bounds of the queue, in rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Waiting and running together; an item that would exceed it is refused.
    pub(crate) most: usize,
    /// Taken together, unless the first item alone is more.
    pub(crate) batch: usize,
    /// Under way or waiting before a second worker helps.
    pub(crate) enough_for_two: usize,
}

/// An item of work.
pub(crate) trait QueueItem {
    /// Number of rows that it has.
    fn rows(&self) -> usize;
}

/// True for an item that waits alone, for a worker that nobody woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IsFirst(pub(crate) bool);

/// The items that wait, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Queue<P> {
    bounds: Bounds,
    state: Mutex<State<P>>,
    change: Condvar,
}

#[derive(Debug)]
struct State<P> {
    waiting: VecDeque<P>,
    rows_waiting: usize,
    rows_running: usize,
    is_closed: bool,
}

impl<P: QueueItem> Queue<P> {
    pub(crate) fn new(bounds: Bounds) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            rows_waiting: 0,
            rows_running: 0,
            is_closed: false,
        };

        Self {
            bounds,
            state: Mutex::new(state),
            change: Condvar::new(),
        }
    }

    /// Adds a item, or gives it back when there is no room: nobody waits for room. The first item
    /// to wait while nobody works says so: its caller must [`begin`](Self::begin), soon.
    pub(crate) fn push(&self, item: P) -> Result<IsFirst, P> {
        let mut state = self.lock();
        let rows = item.rows();
        if state.rows_waiting + state.rows_running + rows > self.bounds.most {
            return Err(item);
        }

        let is_first = state.waiting.is_empty() && state.rows_running == 0;

        state.rows_waiting += rows;
        state.waiting.push_back(item);
        let is_wanted = self.has_enough_for_two(&state);

        // The worker that wakes needs the lock at once.
        drop(state);
        if is_wanted {
            self.change.notify_one();
        }
        Ok(IsFirst(is_first))
    }

    /// Rows that wait or run now, of as many at most.
    pub(crate) fn load(&self) -> (usize, usize) {
        let state = self.lock();
        (state.rows_waiting + state.rows_running, self.bounds.most)
    }

    /// Wakes a worker, if one is idle.
    pub(crate) fn begin(&self) {
        self.change.notify_one();
    }

    /// The first items that fit in a batch, once there are any for this worker; none when the
    /// queue is closed. `done` is how many rows the worker took before.
    pub(crate) fn take(&self, done: usize) -> Option<Vec<P>> {
        let mut state = self.lock();
        state.rows_running -= done;

        while !self.wants_a_worker(&state) {
            if state.is_closed {
                return None;
            }
            state = self
                .change
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }

        let batch = state.take_batch(self.bounds.batch);
        let is_helped = state.rows_waiting > 0 && self.has_enough_for_two(&state);

        drop(state);
        if is_helped {
            self.change.notify_one();
        }
        Some(batch)
    }

    /// Lets the workers go once nothing waits.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.change.notify_all();
    }

    fn wants_a_worker(&self, state: &State<P>) -> bool {
        state.rows_waiting > 0 && (state.rows_running == 0 || self.has_enough_for_two(state))
    }

    fn has_enough_for_two(&self, state: &State<P>) -> bool {
        state.rows_waiting + state.rows_running >= self.bounds.enough_for_two
    }

    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<P: QueueItem> State<P> {
    fn take_batch(&mut self, most: usize) -> Vec<P> {
        let (mut rows, mut count) = (0, 0);
        for item in &self.waiting {
            if count > 0 && rows + item.rows() > most {
                break;
            }
            rows += item.rows();
            count += 1;
        }
        self.rows_waiting -= rows;
        self.rows_running += rows;
        self.waiting.drain(..count).collect()
    }
}

#[cfg(test)]
mod tests;
