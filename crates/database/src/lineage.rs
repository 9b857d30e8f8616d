//! Where the data came from: collections, their sources and files.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::database::Database;
use crate::engine::{Access, Transaction, on_engine};
use crate::{Resource, Result, stored};

/// One collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectionRun {
    /// Its name: its start, UTC, such as `20260301T080000Z`.
    pub run_id: String,
    /// The profile that said where to collect.
    pub profile: String,
    /// The version of the program that collected.
    pub program_version: String,
    /// Its start, UTC.
    pub started_at: DateTime<Utc>,
    /// Its end, UTC.
    pub ended_at: DateTime<Utc>,
    /// What each source gave.
    pub sources: Vec<CollectedSource>,
}

/// What a source gave to a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectedSource {
    /// The source.
    pub source: String,
    /// Where it was collected.
    pub address: String,
    /// Whether all of it came.
    pub succeeded: bool,
    /// Why it did not.
    pub error: Option<String>,
    /// Records received.
    pub rows: u64,
    /// Bytes written.
    pub bytes: u64,
    /// The files, by path.
    pub files: Vec<CollectedFile>,
}

/// A file of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectedFile {
    /// Its path in the collection's folder.
    pub path: String,
    /// Its length, bytes.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

type RunRow = (String, String, String, i64, i64);
type SourceRow = (String, String, String, Option<String>, i64, i64);

impl Database {
    /// Collections before `before`, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn runs(&self, before: Option<&str>, limit: u32) -> Result<Vec<CollectionRun>> {
        const SELECT: &str = "
            SELECT run_id, profile, program_version, started_at, ended_at
            FROM collection_runs
            WHERE $1 = '' OR run_id < $1
            ORDER BY run_id DESC
            LIMIT $2";

        let mut transaction = self.begin(Access::Snapshot).await?;
        let rows: Vec<RunRow> = on_engine!(&mut transaction, |transaction| {
            sqlx::query_as(SELECT)
                .bind(before.unwrap_or_default())
                .bind(i64::from(limit))
                .fetch_all(&mut **transaction)
                .await
        })?;

        let mut runs = Vec::with_capacity(rows.len());

        for row in rows {
            let sources = transaction.collected_sources(&row.0).await?;
            runs.push(read(row, sources)?);
        }

        Ok(runs)
    }

    /// The collection of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_run(&self, run_id: &str) -> Result<Option<CollectionRun>> {
        const SELECT: &str = "
            SELECT run_id, profile, program_version, started_at, ended_at
            FROM collection_runs
            WHERE run_id = $1";

        let mut transaction = self.begin(Access::Snapshot).await?;
        let row: Option<RunRow> = on_engine!(&mut transaction, |transaction| {
            sqlx::query_as(SELECT)
                .bind(run_id)
                .fetch_optional(&mut **transaction)
                .await
        })?;

        let Some(row) = row else { return Ok(None) };
        let sources = transaction.collected_sources(&row.0).await?;
        read(row, sources).map(Some)
    }

    /// Adds a collection; one that is known stays as it is.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn save_run(&self, run: &CollectionRun, now: DateTime<Utc>) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        if transaction.add_run(run).await? {
            for source in &run.sources {
                transaction.add_source(&run.run_id, source).await?;
            }
            transaction.raise_revision(Resource::Runs, now).await?;
        }
        transaction.commit().await
    }
}

impl Transaction {
    async fn collected_sources(&mut self, run_id: &str) -> Result<Vec<CollectedSource>> {
        const SOURCES: &str = "
            SELECT source, address, state, error, row_count, bytes
            FROM collection_sources
            WHERE run_id = $1
            ORDER BY source";

        const FILES: &str = "
            SELECT source, path, bytes, sha256
            FROM collection_files
            WHERE run_id = $1
            ORDER BY path";

        let sources: Vec<SourceRow> = on_engine!(self, |transaction| {
            sqlx::query_as(SOURCES)
                .bind(run_id)
                .fetch_all(&mut **transaction)
                .await
        })?;

        let files: Vec<(String, String, i64, String)> = on_engine!(self, |transaction| {
            sqlx::query_as(FILES)
                .bind(run_id)
                .fetch_all(&mut **transaction)
                .await
        })?;

        let files_of = |source: &str| {
            let own = files.iter().filter(|(owner, ..)| owner == source);
            own.map(|(_, path, bytes, sha256)| CollectedFile {
                path: path.clone(),
                bytes: *bytes as u64,
                sha256: sha256.clone(),
            })
            .collect()
        };

        let source = |(source, address, state, error, rows, bytes): SourceRow| CollectedSource {
            files: files_of(&source),
            source,
            address,
            succeeded: state == "ok",
            error,
            rows: rows as u64,
            bytes: bytes as u64,
        };

        Ok(sources.into_iter().map(source).collect())
    }

    /// Whether it was not there.
    async fn add_run(&mut self, run: &CollectionRun) -> Result<bool> {
        const INSERT: &str = "
            INSERT INTO collection_runs (run_id, profile, program_version, started_at, ended_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (run_id) DO NOTHING";

        let rows = on_engine!(self, |transaction| {
            sqlx::query(INSERT)
                .bind(&run.run_id)
                .bind(&run.profile)
                .bind(&run.program_version)
                .bind(run.started_at.timestamp())
                .bind(run.ended_at.timestamp())
                .execute(&mut **transaction)
                .await
                .map(|result| result.rows_affected())
        })?;

        Ok(rows > 0)
    }

    async fn add_source(&mut self, run_id: &str, source: &CollectedSource) -> Result<()> {
        const SOURCE: &str = "
            INSERT INTO collection_sources (run_id, source, address, state, error, row_count, bytes)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        const FILE: &str = "
            INSERT INTO collection_files (run_id, source, path, bytes, sha256)
            VALUES ($1, $2, $3, $4, $5)";

        on_engine!(self, |transaction| {
            sqlx::query(SOURCE)
                .bind(run_id)
                .bind(&source.source)
                .bind(&source.address)
                .bind(if source.succeeded { "ok" } else { "failed" })
                .bind(&source.error)
                .bind(source.rows as i64)
                .bind(source.bytes as i64)
                .execute(&mut **transaction)
                .await
                .map(drop)
        })?;

        for file in &source.files {
            on_engine!(self, |transaction| {
                sqlx::query(FILE)
                    .bind(run_id)
                    .bind(&source.source)
                    .bind(&file.path)
                    .bind(file.bytes as i64)
                    .bind(&file.sha256)
                    .execute(&mut **transaction)
                    .await
                    .map(drop)
            })?;
        }

        Ok(())
    }
}

fn read(
    (run_id, profile, program_version, started_at, ended_at): RunRow,
    sources: Vec<CollectedSource>,
) -> Result<CollectionRun> {
    let instant = |seconds| stored::instant("instant", seconds);
    Ok(CollectionRun {
        run_id,
        profile,
        program_version,
        started_at: instant(started_at)?,
        ended_at: instant(ended_at)?,
        sources,
    })
}
