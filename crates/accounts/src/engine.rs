//! SQLite and PostgreSQL behind one pool. The statements and the migrations are the same on both.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{PgPool, SqlSafeStr, SqlitePool};

use crate::{AccountsError, Result};

/// A writer waits this long for the one before it.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Each connection of SQLite is a thread; a page asks for one row or two.
const CONNECTIONS: u32 = 4;

/// How long programs that open a new file at once may stand in each other's way.
const FIRST_OPENING: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(20);

/// In PostgreSQL the tables have a schema of their own, beside those of the data API.
const SCHEMA: &str = "accounts";

/// The connections of either engine.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Evaluates one body for the pool of either engine.
macro_rules! on_engine {
    ($pool:expr, |$name:ident| $body:expr) => {
        match $pool {
            $crate::engine::Pool::Sqlite($name) => $body,
            $crate::engine::Pool::Postgres($name) => $body,
        }
    };
}
pub(crate) use on_engine;

/// Runs one statement with its parameters; gives the number of rows that it changed.
macro_rules! execute {
    ($pool:expr, $statement:expr $(, $parameter:expr)* $(,)?) => {
        $crate::engine::on_engine!($pool, |pool| {
            sqlx::query($statement)
                $(.bind($parameter))*
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })
    };
}
pub(crate) use execute;

/// Asks one query with its parameters: `fetch!(fetch_all, pool, SELECT, …)`.
macro_rules! fetch {
    ($fetch:ident, $pool:expr, $statement:expr $(, $parameter:expr)* $(,)?) => {
        $crate::engine::on_engine!($pool, |pool| {
            sqlx::query_as($statement)
                $(.bind($parameter))*
                .$fetch(pool)
                .await
        })
    };
}
pub(crate) use fetch;

/// Declares the row of a query: each field is read from the column of its name. The derive of
/// `sqlx` would build both drivers a second time for the compiler.
macro_rules! row {
    ($visibility:vis $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $visibility struct $name {
            $($visibility $field: $type),+
        }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            &'static str: sqlx::ColumnIndex<R>,
            $($type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>),+
        {
            fn from_row(row: &'r R) -> sqlx::Result<Self> {
                Ok(Self {
                    $($field: row.try_get(stringify!($field))?),+
                })
            }
        }
    };
}
pub(crate) use row;

impl Pool {
    /// Connects to `sqlite:<path>` or `postgres://…`, and brings the schema up to date.
    pub(crate) async fn open(address: &str) -> Result<Self> {
        // Both `sqlite:path` and `sqlite://path` are in use: the slashes say nothing.
        if let Some(path) = address.strip_prefix("sqlite:") {
            let path = path.trim_start_matches("//");
            Ok(Self::Sqlite(open_sqlite(path).await?))
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            Ok(Self::Postgres(open_postgres(address).await?))
        } else {
            Err(AccountsError::UnknownEngine)
        }
    }

    pub(crate) async fn close(&self) {
        on_engine!(self, |pool| pool.close().await);
    }
}

async fn open_sqlite(path: &str) -> Result<SqlitePool> {
    // SQLite locks nothing from one step of a first opening to the next: another program that opens
    // the file at this moment can make a step fail, whole. It is done the next time.
    let began = Instant::now();
    loop {
        match open_sqlite_once(path).await {
            Err(_) if began.elapsed() < FIRST_OPENING => tokio::time::sleep(PAUSE).await,
            ended => return ended,
        }
    }
}

async fn open_sqlite_once(path: &str) -> Result<SqlitePool> {
    // Not as an address: sqlx would take a `%20` or a `?` of the path for parts of one.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(TIMEOUT)
        // An erasure must not leave its bytes in a free page.
        .pragma("secure_delete", "on")
        .pragma("temp_store", "memory");

    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(TIMEOUT)
        .connect_with(options)
        .await?;
    migrator().run(&pool).await?;
    Ok(pool)
}

async fn open_postgres(address: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(address)?.options([("search_path", SCHEMA)]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(TIMEOUT)
        .connect_with(options)
        .await?;

    // Before the migrations, whose own table goes in it too.
    create_schema(&pool).await?;
    migrator().run(&pool).await?;
    Ok(pool)
}

/// Creates the schema unless it is there. `IF NOT EXISTS` looks first and creates after: of two
/// programs that look at once, one would fail. The lock, held until the end of the transaction,
/// makes the second one look later.
async fn create_schema(pool: &PgPool) -> Result<()> {
    let mut transaction = pool.begin().await?;
    for statement in [
        "SELECT pg_advisory_xact_lock(hashtext('filrouge accounts'))",
        "CREATE SCHEMA IF NOT EXISTS accounts",
    ] {
        sqlx::query(statement).execute(&mut *transaction).await?;
    }
    Ok(transaction.commit().await?)
}

/// A migration that was released is never changed: another follows it.
fn migrator() -> Migrator {
    use MigrationType::{ReversibleDown, ReversibleUp};
    let migration = |number, name: &'static str, kind, sql: &'static str| {
        // `false`: in a transaction, so that a migration that fails changes nothing.
        Migration::new(number, name.into(), kind, sql.into_sql_str(), false)
    };

    let first = "accounts";
    let second = "order_of_answers";
    Migrator::with_migrations(vec![
        migration(
            1,
            first,
            ReversibleUp,
            include_str!("../migrations/0001_accounts.up.sql"),
        ),
        migration(
            1,
            first,
            ReversibleDown,
            include_str!("../migrations/0001_accounts.down.sql"),
        ),
        migration(
            2,
            second,
            ReversibleUp,
            include_str!("../migrations/0002_order_of_answers.up.sql"),
        ),
        migration(
            2,
            second,
            ReversibleDown,
            include_str!("../migrations/0002_order_of_answers.down.sql"),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_migration_is_undone_and_done_again() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("accounts.sqlite").display());
        let Pool::Sqlite(pool) = Pool::open(&address).await.unwrap() else {
            panic!("not SQLite");
        };
        let tables = || {
            let select = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'";
            sqlx::query_scalar::<_, i64>(select).fetch_one(&pool)
        };
        let before = tables().await.unwrap();

        migrator().undo(&pool, 0).await.unwrap();
        assert_eq!(tables().await.unwrap(), 1, "that of the migrations alone");
        migrator().run(&pool).await.unwrap();

        assert_eq!(tables().await.unwrap(), before);
    }
}
