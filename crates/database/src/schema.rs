//! The schema as the engine itself tells it, to be compared with the documents.

use crate::Result;
use crate::engine::Database;
use crate::per_engine::PerEngine;
use crate::row::row;

row! {
    /// A column of a table.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Column {
        /// The table that it belongs to.
        pub table: String,
        /// Its name.
        pub name: String,
        /// Its type, in upper case, as the engine's schema says it.
        pub sql_type: String,
        /// True when it may be null.
        pub is_nullable: bool,
        /// Its place in the primary key, from 1; 0 outside of it.
        pub key_position: i64,
    }
}

impl Column {
    pub(crate) fn describe(&self) -> String {
        let Self {
            table,
            name,
            sql_type,
            is_nullable,
            key_position,
        } = self;
        let null = if *is_nullable { "NULL" } else { "NOT NULL" };
        let key = if *key_position > 0 { " KEY" } else { "" };
        format!("{table}.{name} {sql_type} {null}{key}")
    }
}

row! {
    /// A reference from a column to another table's.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct Reference {
        /// The table that refers.
        pub table: String,
        /// The column that holds the foreign key.
        pub column: String,
        /// The table that is referred to.
        pub target: String,
    }
}

impl Reference {
    pub(crate) fn describe(&self) -> String {
        format!("{}.{} -> {}", self.table, self.column, self.target)
    }
}

impl Database {
    /// Every column of every table of ours, in order of table and name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn columns(&self) -> Result<Vec<Column>> {
        let mut columns: Vec<Column> = match &self.pool {
            PerEngine::Sqlite(pool) => sqlx::query_as(SQLITE_COLUMNS).fetch_all(pool).await?,
            PerEngine::Postgres(pool) => sqlx::query_as(POSTGRES_COLUMNS).fetch_all(pool).await?,
        };

        for column in &mut columns {
            column.sql_type = column.sql_type.to_uppercase();
        }
        columns.sort();
        Ok(columns)
    }

    /// Every foreign key, column by column, in order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn references(&self) -> Result<Vec<Reference>> {
        let mut references: Vec<Reference> = match &self.pool {
            PerEngine::Sqlite(pool) => sqlx::query_as(SQLITE_REFERENCES).fetch_all(pool).await?,
            PerEngine::Postgres(pool) => {
                sqlx::query_as(POSTGRES_REFERENCES).fetch_all(pool).await?
            }
        };

        references.sort();
        Ok(references)
    }
}

// An INTEGER PRIMARY KEY is never null, though SQLite does not say NOT NULL of it. `_sqlx_` begins
// the ledger of migrations, which is no table of ours.
const SQLITE_COLUMNS: &str = "
    SELECT
        tables.name AS \"table\",
        columns.name AS name,
        columns.type AS sql_type,
        columns.\"notnull\" = 0 AND columns.pk = 0 AS is_nullable,
        columns.pk AS key_position
    FROM sqlite_schema AS tables
    INNER JOIN pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' AND tables.name NOT LIKE '_sqlx_%'";

const SQLITE_REFERENCES: &str = "
    SELECT
        tables.name AS \"table\",
        keys.\"from\" AS \"column\",
        keys.\"table\" AS target
    FROM sqlite_schema AS tables
    INNER JOIN pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table'";

const POSTGRES_COLUMNS: &str = "
    SELECT
        columns.table_name::text AS \"table\",
        columns.column_name::text AS name,
        columns.data_type::text AS sql_type,
        columns.is_nullable = 'YES' AS is_nullable,
        COALESCE(keys.ordinal_position, 0)::bigint AS key_position
    FROM information_schema.columns
    LEFT JOIN (
        information_schema.table_constraints AS constraints
        INNER JOIN information_schema.key_column_usage AS keys
            ON keys.constraint_name = constraints.constraint_name
            AND keys.constraint_schema = constraints.constraint_schema
            AND constraints.constraint_type = 'PRIMARY KEY'
    ) ON keys.table_name = columns.table_name
        AND keys.column_name = columns.column_name
        AND keys.table_schema = columns.table_schema
    WHERE columns.table_schema = 'public' AND columns.table_name NOT LIKE '\\_sqlx\\_%'";

// From the catalogue: information_schema shows the target of a key only to the owner of its table.
const POSTGRES_REFERENCES: &str = "
    SELECT
        tables.relname::text AS \"table\",
        columns.attname::text AS \"column\",
        targets.relname::text AS target
    FROM pg_constraint AS constraints
    INNER JOIN pg_class AS tables ON tables.oid = constraints.conrelid
    INNER JOIN pg_class AS targets ON targets.oid = constraints.confrelid
    INNER JOIN pg_attribute AS columns
        ON columns.attrelid = constraints.conrelid AND columns.attnum = ANY (constraints.conkey)
    WHERE constraints.contype = 'f' AND tables.relnamespace = 'public'::regnamespace";
