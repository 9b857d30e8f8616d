//! One body for both engines.

/// Evaluates one body for the pool, connection or transaction of either engine.
macro_rules! on_engine {
    ($engine:expr, |$name:ident| $body:expr) => {
        match $engine {
            $crate::per_engine::PerEngine::Sqlite($name) => $body,
            $crate::per_engine::PerEngine::Postgres($name) => $body,
        }
    };
}
pub(crate) use on_engine;

/// Runs one statement of a transaction with its parameters; gives the number of rows it changed.
macro_rules! execute {
    ($transaction:expr, $statement:expr $(, $parameter:expr)* $(,)?) => {
        $crate::per_engine::on_engine!($transaction, |transaction| {
            sqlx::query($statement)
                $(.bind($parameter))*
                .execute(&mut **transaction)
                .await
                .map(|done| done.rows_affected())
        })
    };
}
pub(crate) use execute;

/// Something that each engine has its own type of.
#[derive(Debug, Clone)]
pub(crate) enum PerEngine<S, P> {
    Sqlite(S),
    Postgres(P),
}
