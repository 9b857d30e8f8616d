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

/// Runs one statement with its parameters; gives the number of rows that it changed.
macro_rules! execute {
    ($target:expr, $statement:expr $(, $parameter:expr)* $(,)?) => {
        $crate::per_engine::on_engine!($target, |target| {
            sqlx::query($statement)
                $(.bind($parameter))*
                .execute($crate::per_engine::Target::executor(target))
                .await
                .map(|done| done.rows_affected())
        })
    };
}
pub(crate) use execute;

/// Asks one query with its parameters: `sqlx::query_as(SELECT).bind(…).fetch_all(…)` is
/// `fetch!(query_as, fetch_all, target, SELECT, …)`.
macro_rules! fetch {
    ($query:ident, $fetch:ident, $target:expr, $statement:expr $(, $parameter:expr)* $(,)?) => {
        $crate::per_engine::on_engine!($target, |target| {
            sqlx::$query($statement)
                $(.bind($parameter))*
                .$fetch($crate::per_engine::Target::executor(target))
                .await
        })
    };
}
pub(crate) use fetch;

/// Rows that one statement inserts: enough to spare the round trips, few enough for every engine's
/// limit of parameters.
pub(crate) const CHUNK: usize = 250;

/// Inserts rows by [`CHUNK`]; the last argument, if any, ends each statement.
macro_rules! insert_all {
    (
        $target:expr,
        $insert:expr,
        $rows:expr,
        |$row:pat_param| [$($value:expr),+ $(,)?]
        $(, $end:expr)? $(,)?
    ) => {
        for chunk in $rows.chunks($crate::per_engine::CHUNK) {
            $crate::per_engine::on_engine!($target, |target| {
                let mut insert = sqlx::QueryBuilder::new($insert);
                insert.push_values(chunk, |mut values, $row| {
                    values$(.push_bind($value))+;
                });
                $(insert.push($end);)?
                let executor = $crate::per_engine::Target::executor(target);
                insert.build().execute(executor).await.map(drop)
            })?;
        }
    };
}
pub(crate) use insert_all;

/// Runs statements: the pool, or the transaction that holds one of its connections.
pub(crate) trait Target {
    type Executor;

    fn executor(self) -> Self::Executor;
}

impl<D: sqlx::Database> Target for &sqlx::Pool<D> {
    type Executor = Self;

    fn executor(self) -> Self {
        self
    }
}

impl<'a, D: sqlx::Database> Target for &'a mut sqlx::Transaction<'static, D> {
    type Executor = &'a mut D::Connection;

    fn executor(self) -> Self::Executor {
        self
    }
}

/// Something that each engine has its own type of.
#[derive(Debug, Clone)]
pub(crate) enum PerEngine<S, P> {
    Sqlite(S),
    Postgres(P),
}
