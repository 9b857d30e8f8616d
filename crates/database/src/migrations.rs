//! The schema, up and down. A migration that was released is never changed: another follows it.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::Result;
use crate::engine::{Database, Engine};
use crate::per_engine::on_engine;

macro_rules! migrations {
    ($engine:literal: $($version:literal $name:literal),+ $(,)?) => {
        [$(
            ($version, $name, MigrationType::ReversibleUp,
             include_str!(concat!("../migrations/", $engine, "/", $name, ".up.sql"))),
            ($version, $name, MigrationType::ReversibleDown,
             include_str!(concat!("../migrations/", $engine, "/", $name, ".down.sql"))),
        )+]
    };
}

impl Database {
    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When a migration fails (nothing is then changed) or the schema is newer than this program.
    pub async fn migrate(&self) -> Result<()> {
        let migrator = migrator(self.engine());
        on_engine!(&self.pool, |pool| migrator.run(pool).await)?;
        Ok(())
    }

    /// Undoes the migrations after `version`; 0 undoes them all, with the data.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn revert_to(&self, version: i64) -> Result<()> {
        let migrator = migrator(self.engine());
        on_engine!(&self.pool, |pool| migrator.undo(pool, version).await)?;
        Ok(())
    }
}

fn migrator(engine: Engine) -> Migrator {
    let migrations = match engine {
        Engine::Sqlite => {
            migrations!(
                "sqlite": 1 "0001_initial", 2 "0002_life_cycle", 3 "0003_filters",
                4 "0004_age_by_consent",
            )
        }
        Engine::Postgres => {
            migrations!(
                "postgres": 1 "0001_initial", 2 "0002_life_cycle", 3 "0003_filters",
                4 "0004_age_by_consent",
            )
        }
    };

    let migration =
        |(version, name, kind, sql): (i64, &'static str, MigrationType, &'static str)| {
            // `false`: in a transaction, so that a migration that fails changes nothing.
            Migration::new(version, name.into(), kind, sql.into_sql_str(), false)
        };

    Migrator::with_migrations(migrations.into_iter().map(migration).collect())
}
