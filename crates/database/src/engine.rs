//! SQLite and PostgreSQL behind one name. The same statements run on both.

mod time_limit;
mod transaction;

pub(crate) use time_limit::{Interruption, TIME_LIMIT};
pub(crate) use transaction::{Access, Transaction, begin, commits};

/// Evaluates one body for the pool, connection or transaction of either engine.
macro_rules! on_engine {
    ($engine:expr, |$name:ident| $body:expr) => {
        match $engine {
            $crate::engine::PerEngine::Sqlite($name) => $body,
            $crate::engine::PerEngine::Postgres($name) => $body,
        }
    };
}
pub(crate) use on_engine;

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// Something that each engine has its own type of.
#[derive(Debug, Clone)]
pub(crate) enum PerEngine<S, P> {
    Sqlite(S),
    Postgres(P),
}
