//! Work that waits for a few workers, and is taken several pieces at a time.
//!
//! One worker does all that is small: what comes while it runs waits for it and is then run
//! together, which costs hardly more than one alone, and no other thread is woken for it. Another
//! worker comes to help as soon as there is enough for two. When nobody works, the caller says when
//! to begin: it may have other pieces to bring first.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How much may wait and run, in rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Waiting and running together; what would exceed it is refused.
    pub(crate) most: usize,
    /// Taken together, unless the first piece alone is more.
    pub(crate) batch: usize,
    /// Under way or waiting before a second worker helps.
    pub(crate) enough_for_two: usize,
}

/// A piece of work.
pub(crate) trait Piece {
    /// How many rows it has.
    fn rows(&self) -> usize;
}

/// Whether a piece waits alone, for a worker that nobody woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IsFirst(pub(crate) bool);

/// The pieces that wait, in the order in which they came.
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

impl<P: Piece> Queue<P> {
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

    /// Adds a piece, or gives it back when there is no room: nobody waits for room. The first piece
    /// to wait while nobody works says so: its caller must [`begin`](Self::begin), soon.
    pub(crate) fn push(&self, piece: P) -> Result<IsFirst, P> {
        let mut state = self.lock();
        let rows = piece.rows();
        if state.rows_waiting + state.rows_running + rows > self.bounds.most {
            return Err(piece);
        }

        let is_first = state.waiting.is_empty() && state.rows_running == 0;

        state.rows_waiting += rows;
        state.waiting.push_back(piece);
        let is_wanted = self.has_enough_for_two(&state);

        drop(state);
        if is_wanted {
            self.change.notify_one();
        }
        Ok(IsFirst(is_first))
    }

    /// Wakes a worker, if one is idle, for what waits.
    pub(crate) fn begin(&self) {
        self.change.notify_one();
    }

    /// The first pieces that fit in a batch, once there are any for this worker; none when the
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

impl<P: Piece> State<P> {
    fn take_batch(&mut self, most: usize) -> Vec<P> {
        let (mut rows, mut count) = (0, 0);
        for piece in &self.waiting {
            if count > 0 && rows + piece.rows() > most {
                break;
            }
            rows += piece.rows();
            count += 1;
        }
        self.rows_waiting -= rows;
        self.rows_running += rows;
        self.waiting.drain(..count).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    impl Piece for usize {
        fn rows(&self) -> usize {
            *self
        }
    }

    fn queue(pieces: &[usize]) -> Queue<usize> {
        let queue = Queue::new(Bounds {
            most: 100,
            batch: 10,
            enough_for_two: 20,
        });
        for (index, piece) in pieces.iter().enumerate() {
            assert_eq!(queue.push(*piece), Ok(IsFirst(index == 0)));
        }
        queue
    }

    #[test]
    fn what_waits_is_taken_together_in_order_up_to_a_batch() {
        let cases: [(&[usize], &[usize]); 4] = [
            (&[1], &[1]),
            (&[1, 2, 3], &[1, 2, 3]),
            (&[6, 4, 1], &[6, 4]),
            (&[50, 1], &[50]),
        ];
        for (pieces, batch) in cases {
            assert_eq!(queue(pieces).take(0).unwrap(), batch, "{pieces:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_given_back_at_once_until_room_comes_back() {
        let queue = queue(&[60, 40]);
        assert_eq!(queue.push(1), Err(1));
        assert_eq!(queue.take(0).unwrap(), [60]);
        assert_eq!(queue.push(1), Err(1), "what runs takes room too");
        assert_eq!(queue.take(60).unwrap(), [40]);
        queue.push(60).unwrap();
    }

    /// Whether a second worker takes something while the first one runs.
    fn is_helped(pieces: &[usize]) -> bool {
        let queue = Arc::new(queue(pieces));
        queue.take(0).unwrap();
        let helper = Arc::clone(&queue);
        let helper = thread::spawn(move || helper.take(0));
        // Closed with work left for the first worker alone, the second one goes without any.
        thread::sleep(Duration::from_millis(20));
        queue.close();
        helper.join().unwrap().is_some()
    }

    #[test]
    fn a_second_worker_helps_when_there_is_enough_for_two() {
        assert!(
            !is_helped(&[6, 4, 1]),
            "the first worker takes the rest with what will have come"
        );
        assert!(is_helped(&[6, 4, 9, 1]));
        assert!(
            is_helped(&[50, 1]),
            "a small piece does not wait for a large one to end"
        );
    }

    #[test]
    fn a_worker_sleeps_until_there_is_work_and_leaves_when_the_queue_is_closed() {
        let queue = Arc::new(queue(&[]));
        let worker = Arc::clone(&queue);
        let worker = thread::spawn(move || (worker.take(0), worker.take(3)));
        assert_eq!(queue.push(3), Ok(IsFirst(true)));
        queue.begin();
        queue.close();
        assert_eq!(worker.join().unwrap(), (Some(vec![3]), None));
    }
}
