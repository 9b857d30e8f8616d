//! Sessions that threads share.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use ort::session::Session;
use ort::value::TensorRef;

use crate::runtime::Runtime;

#[cfg(test)]
mod tests;

/// Numbers of sessions and of threads, each 1 at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    /// Runs that go on side by side.
    pub sessions: usize,
    /// Threads that share the work of one run.
    pub threads: usize,
}

impl PoolSize {
    /// One run at a time, on the thread that asks for it.
    pub const SINGLE: Self = Self {
        sessions: 1,
        threads: 1,
    };
}

/// The part of a graph's signature that a caller reads and writes: one input of rows, `N` outputs.
#[derive(Debug, Clone, Copy)]
pub struct Graph<const N: usize> {
    /// Name of the input, float32 `[rows, columns]`.
    pub input: &'static str,
    /// Number of columns of the input.
    pub columns: usize,
    /// Names of the outputs, float32, in the order in which they are read.
    pub outputs: [&'static str; N],
}

/// One graph, opened as many times as runs may go on side by side.
#[derive(Debug)]
pub struct SessionPool<const N: usize> {
    graph: Graph<N>,
    sessions: Vec<Mutex<Session>>,
}

/// ONNX Runtime's message: it refused a graph, or failed to run it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SessionError(String);

impl<const N: usize> SessionPool<N> {
    /// Opens the graph of `onnx`, the content of an ONNX file.
    ///
    /// # Errors
    /// ONNX Runtime's refusal of the file.
    pub fn open(
        runtime: &Runtime,
        onnx: &[u8],
        graph: Graph<N>,
        size: PoolSize,
    ) -> Result<Self, SessionError> {
        let sessions: ort::Result<_> = (0..size.sessions.max(1))
            .map(|_| open_session(runtime, onnx, size.threads).map(Mutex::new))
            .collect();

        Ok(Self {
            graph,
            sessions: sessions.map_err(message)?,
        })
    }

    /// Runs `rows`, one after the other, on the first session that is free, and hands the outputs
    /// to `read`.
    ///
    /// # Errors
    /// ONNX Runtime's message: a shape, an output or a type that the graph does not have.
    pub fn run<T>(
        &self,
        rows: &[f32],
        read: impl FnOnce([&[f32]; N]) -> T,
    ) -> Result<T, SessionError> {
        self.run_on(&mut self.free_session(), rows, read)
            .map_err(message)
    }

    /// Runs `rows` on every session: the first run of each, which allocates, is then not a client's.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_on_each<T>(
        &self,
        rows: &[f32],
        read: impl Fn([&[f32]; N]) -> T,
    ) -> Result<Vec<T>, SessionError> {
        self.sessions
            .iter()
            .map(|session| self.run_on(&mut lock(session), rows, &read))
            .collect::<ort::Result<_>>()
            .map_err(message)
    }

    fn free_session(&self) -> MutexGuard<'_, Session> {
        let free = self
            .sessions
            .iter()
            .find_map(|session| match session.try_lock() {
                Ok(session) => Some(session),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            });

        // All are busy: the caller has more threads than the pool has sessions, and waits.
        free.unwrap_or_else(|| lock(&self.sessions[0]))
    }

    fn run_on<T>(
        &self,
        session: &mut Session,
        rows: &[f32],
        read: impl FnOnce([&[f32]; N]) -> T,
    ) -> ort::Result<T> {
        let columns = self.graph.columns;
        let input = TensorRef::from_array_view(([rows.len() / columns, columns], rows))?;
        let answer = session.run(ort::inputs![self.graph.input => input])?;

        let mut outputs: [&[f32]; N] = [&[]; N];
        for (output, name) in outputs.iter_mut().zip(self.graph.outputs) {
            let value = answer
                .get(name)
                .ok_or_else(|| ort::Error::new(format!("the graph has no output `{name}`")))?;
            *output = value.try_extract_tensor::<f32>()?.1;
        }

        Ok(read(outputs))
    }
}

fn open_session(runtime: &Runtime, onnx: &[u8], threads: usize) -> ort::Result<Session> {
    Session::builder(runtime.environment())?
        .with_intra_threads(threads.max(1))?
        .commit_from_memory(onnx)
}

/// `ort` stays behind this crate: callers read its message.
fn message(error: impl ToString) -> SessionError {
    SessionError(error.to_string())
}

/// A run that panicked leaves its session whole: ONNX Runtime keeps nothing from one run to the
/// next.
fn lock(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
    session.lock().unwrap_or_else(PoisonError::into_inner)
}
