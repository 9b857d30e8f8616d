use std::path::Path;

use filrouge_database::{Database, Engine};

use crate::postgres::Server;

/// An empty database and what its test may need to know of it.
pub(crate) struct Setting {
    pub(crate) database: Database,
    pub(crate) address: String,
}

impl Setting {
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
        let address = server.create_database().await;
        let database = Database::open(&address).await.unwrap();
        test(Setting { database, address }).await;
    }
}

pub(crate) fn sqlite_address(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("test.sqlite").display())
}
