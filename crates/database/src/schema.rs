//! The schema as the engine itself tells it, to be compared with what documents say of it.

use crate::Result;
use crate::database::Database;
use crate::engine::PerEngine;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its type, in upper case, as the engine's schema says it.
    pub sql_type: String,
    /// Whether it may be null.
    pub is_nullable: bool,
    /// Its place in the primary key, from 1; 0 outside of it.
    pub key_position: i64,
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

/// A reference from a column to another table's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The table that refers.
    pub table: String,
    /// Its column.
    pub column: String,
    /// The table that is referred to.
    pub target: String,
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
        let rows: Vec<(String, String, String, bool, i64)> = match &self.pool {
            PerEngine::Sqlite(pool) => sqlx::query_as(SQLITE_COLUMNS).fetch_all(pool).await?,
            PerEngine::Postgres(pool) => sqlx::query_as(POSTGRES_COLUMNS).fetch_all(pool).await?,
        };

        let column =
            |(table, name, sql_type, is_nullable, key_position): (_, _, String, _, _)| Column {
                table,
                name,
                sql_type: sql_type.to_uppercase(),
                is_nullable,
                key_position,
            };

        let mut columns: Vec<_> = rows.into_iter().map(column).collect();
        columns.sort();
        Ok(columns)
    }

    /// Every foreign key, column by column, in order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn references(&self) -> Result<Vec<Reference>> {
        let rows: Vec<(String, String, String)> = match &self.pool {
            PerEngine::Sqlite(pool) => sqlx::query_as(SQLITE_REFERENCES).fetch_all(pool).await?,
            PerEngine::Postgres(pool) => {
                sqlx::query_as(POSTGRES_REFERENCES).fetch_all(pool).await?
            }
        };

        let reference = |(table, column, target)| Reference {
            table,
            column,
            target,
        };
        let mut references: Vec<_> = rows.into_iter().map(reference).collect();

        references.sort();
        Ok(references)
    }
}

const SQLITE_COLUMNS: &str = "
    SELECT
        tables.name,
        columns.name,
        columns.type,
        columns.\"notnull\" = 0 AND columns.pk = 0,
        columns.pk
    FROM sqlite_schema AS tables
    INNER JOIN pragma_table_info(tables.name) AS columns
    WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' AND tables.name NOT LIKE '_sqlx_%'";

const SQLITE_REFERENCES: &str = "
    SELECT tables.name, keys.\"from\", keys.\"table\"
    FROM sqlite_schema AS tables
    INNER JOIN pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table'";

const POSTGRES_COLUMNS: &str = "
    SELECT
        columns.table_name::text,
        columns.column_name::text,
        columns.data_type::text,
        columns.is_nullable = 'YES',
        COALESCE(keys.ordinal_position, 0)::bigint
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

const POSTGRES_REFERENCES: &str = "
    SELECT
        tables.relname::text,
        columns.attname::text,
        targets.relname::text
    FROM pg_constraint AS constraints
    INNER JOIN pg_class AS tables ON tables.oid = constraints.conrelid
    INNER JOIN pg_class AS targets ON targets.oid = constraints.confrelid
    INNER JOIN pg_attribute AS columns
        ON columns.attrelid = constraints.conrelid AND columns.attnum = ANY (constraints.conkey)
    WHERE constraints.contype = 'f' AND tables.relnamespace = 'public'::regnamespace";
