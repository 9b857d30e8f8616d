use std::path::Path;

use filrouge_database::{Database, Engine};

use crate::postgres::Server;

/// An empty database and what its test may need to know of it.
pub(crate) struct Setting {
    pub(crate) database: Database,
    pub(crate) address: String,
}

impl Setting {
    /// A number that the engine itself is asked for, around the crate's own statements.
    pub(crate) async fn number(&self, select: &'static str) -> Option<i64> {
        if let Some(path) = self.address.strip_prefix("sqlite:") {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
            return sqlx::query_scalar(select)
                .fetch_one(&mut connection)
                .await
                .unwrap();
        }

        let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(&self.address)
            .await
            .unwrap();

        sqlx::query_scalar(select)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }

    /// Runs a statement around the crate, as other hands would; tells whether the engine let it.
    pub(crate) async fn tamper(&self, statement: &'static str) -> bool {
        if let Some(path) = self.address.strip_prefix("sqlite:") {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
            return sqlx::query(statement)
                .execute(&mut connection)
                .await
                .is_ok();
        }

        let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(&self.address)
            .await
            .unwrap();

        sqlx::query(statement)
            .execute(&mut connection)
            .await
            .is_ok()
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.database.engine() == Engine::Sqlite
    }
}

/// Runs `test` on each engine that this machine has.
pub(crate) async fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(Setting) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let address = sqlite_address(folder.path());
    let database = Database::open(&address).await.unwrap();
    test(Setting { database, address }).await;
    if let Some(server) = Server::shared() {
        let address = server.create_database();
        let database = Database::open(&address).await.unwrap();
        test(Setting { database, address }).await;
    }
}

pub(crate) fn sqlite_address(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("test.sqlite").display())
}
