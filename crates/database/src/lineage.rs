//! Lineage of the data: collections, their sources and files.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::engine::{Access, Database, Transaction};
use crate::hours::AFTER_ALL;
use crate::per_engine::{execute, fetch};
use crate::row::row;
use crate::{Resource, Result, stored};

/// A run of the collection, with its sources.
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
    /// One entry a source, in the order of their names.
    pub sources: Vec<CollectedSource>,
}

/// A source of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectedSource {
    /// The source.
    pub source: String,
    /// The address it was collected from.
    pub address: String,
    /// True when all of it came.
    pub succeeded: bool,
    /// The cause, when it did not.
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

impl Database {
    /// Collections before `before`, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn runs(&self, before: Option<&str>, limit: u32) -> Result<Vec<CollectionRun>> {
        // A name begins with its instant: the order of names is that of time.
        const SELECT: &str = "
            SELECT
                run_id,
                profile,
                program_version,
                started_at,
                ended_at
            FROM collection_runs
            WHERE run_id < $1
            ORDER BY run_id DESC
            LIMIT $2";

        let mut transaction = self.begin(Access::Snapshot).await?;
        let rows: Vec<RunRow> = fetch!(
            query_as,
            fetch_all,
            &mut transaction,
            SELECT,
            before.unwrap_or(AFTER_ALL),
            i64::from(limit)
        )?;

        let mut runs = Vec::with_capacity(rows.len());

        for row in rows {
            let sources = transaction.collected_sources(&row.run_id).await?;
            runs.push(row.with(sources)?);
        }

        Ok(runs)
    }

    /// The collection of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find_run(&self, run_id: &str) -> Result<Option<CollectionRun>> {
        const SELECT: &str = "
            SELECT
                run_id,
                profile,
                program_version,
                started_at,
                ended_at
            FROM collection_runs
            WHERE run_id = $1";

        let mut transaction = self.begin(Access::Snapshot).await?;
        let row: Option<RunRow> =
            fetch!(query_as, fetch_optional, &mut transaction, SELECT, run_id)?;

        let Some(row) = row else { return Ok(None) };
        let sources = transaction.collected_sources(&row.run_id).await?;
        row.with(sources).map(Some)
    }

    /// End of the last collection that was imported.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_collection(&self) -> Result<Option<DateTime<Utc>>> {
        const SELECT: &str = "SELECT MAX(ended_at) FROM collection_runs";
        let ended_at: Option<i64> = fetch!(query_scalar, fetch_one, &self.pool, SELECT)?;
        ended_at
            .map(|ended_at| stored::instant("ended_at", ended_at))
            .transpose()
    }

    /// Adds a collection; one that is known stays as it is.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn save_run(&self, run: &CollectionRun, now: DateTime<Utc>) -> Result<()> {
        let mut transaction = self.begin(Access::Write).await?;
        // A collection never changes: importing it again raises no revision.
        if transaction.add_run(run).await? {
            for source in &run.sources {
                transaction.add_source(&run.run_id, source).await?;
            }
            transaction.raise_revision(Resource::Runs, now).await?;
        }
        transaction.commit().await
    }

    /// Corrects the record of a file of the collection `run_id`, from which `gone` records left:
    /// its manifest says so too. A file that was not imported is passed over.
    ///
    /// # Errors
    /// When the database does not answer: nothing is then changed.
    pub async fn correct_file(
        &self,
        run_id: &str,
        file: &CollectedFile,
        gone: u64,
        now: DateTime<Utc>,
    ) -> Result<()> {
        // Before the file: the source loses the difference.
        const SOURCE: &str = "
            UPDATE collection_sources
            SET
                row_count = row_count - $3,
                bytes = bytes + $4 - (
                    SELECT bytes
                    FROM collection_files
                    WHERE run_id = $1 AND path = $2
                )
            WHERE run_id = $1 AND source = (
                SELECT source
                FROM collection_files
                WHERE run_id = $1 AND path = $2
            )";
        const FILE: &str = "
            UPDATE collection_files
            SET
                bytes = $3,
                sha256 = $4
            WHERE run_id = $1 AND path = $2";

        let bytes = file.bytes as i64;
        let mut transaction = self.begin(Access::Write).await?;
        execute!(
            &mut transaction,
            SOURCE,
            run_id,
            &file.path,
            gone as i64,
            bytes
        )?;
        execute!(
            &mut transaction,
            FILE,
            run_id,
            &file.path,
            bytes,
            &file.sha256
        )?;
        transaction.raise_revision(Resource::Runs, now).await?;
        transaction.commit().await
    }
}

impl Transaction {
    async fn collected_sources(&mut self, run_id: &str) -> Result<Vec<CollectedSource>> {
        const SOURCES: &str = "
            SELECT
                source,
                address,
                state,
                error,
                row_count,
                bytes
            FROM collection_sources
            WHERE run_id = $1
            ORDER BY source";

        const FILES: &str = "
            SELECT
                source,
                path,
                bytes,
                sha256
            FROM collection_files
            WHERE run_id = $1
            ORDER BY path";

        let sources: Vec<SourceRow> = fetch!(query_as, fetch_all, self, SOURCES, run_id)?;

        let files: Vec<FileRow> = fetch!(query_as, fetch_all, self, FILES, run_id)?;

        Ok(sources
            .into_iter()
            .map(|source| source.with(&files))
            .collect())
    }

    /// Adds a run; tells whether it was not there.
    async fn add_run(&mut self, run: &CollectionRun) -> Result<bool> {
        const INSERT: &str = "
            INSERT INTO collection_runs (
                run_id,
                profile,
                program_version,
                started_at,
                ended_at
            )
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (run_id) DO NOTHING";

        let rows = execute!(
            self,
            INSERT,
            &run.run_id,
            &run.profile,
            &run.program_version,
            run.started_at.timestamp(),
            run.ended_at.timestamp()
        )?;

        Ok(rows > 0)
    }

    async fn add_source(&mut self, run_id: &str, source: &CollectedSource) -> Result<()> {
        const SOURCE: &str = "
            INSERT INTO collection_sources (
                run_id,
                source,
                address,
                state,
                error,
                row_count,
                bytes
            )
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        const FILE: &str = "
            INSERT INTO collection_files (
                run_id,
                source,
                path,
                bytes,
                sha256
            )
            VALUES ($1, $2, $3, $4, $5)";

        execute!(
            self,
            SOURCE,
            run_id,
            &source.source,
            &source.address,
            if source.succeeded { "ok" } else { "failed" },
            &source.error,
            source.rows as i64,
            source.bytes as i64
        )?;

        for file in &source.files {
            execute!(
                self,
                FILE,
                run_id,
                &source.source,
                &file.path,
                file.bytes as i64,
                &file.sha256
            )?;
        }

        Ok(())
    }
}

row! {
    struct RunRow {
        run_id: String,
        profile: String,
        program_version: String,
        started_at: i64,
        ended_at: i64,
    }
}

row! {
    struct SourceRow {
        source: String,
        address: String,
        state: String,
        error: Option<String>,
        row_count: i64,
        bytes: i64,
    }
}

row! {
    struct FileRow {
        source: String,
        path: String,
        bytes: i64,
        sha256: String,
    }
}

impl RunRow {
    fn with(self, sources: Vec<CollectedSource>) -> Result<CollectionRun> {
        Ok(CollectionRun {
            run_id: self.run_id,
            profile: self.profile,
            program_version: self.program_version,
            started_at: stored::instant("started_at", self.started_at)?,
            ended_at: stored::instant("ended_at", self.ended_at)?,
            sources,
        })
    }
}

impl SourceRow {
    /// The source, with its own among `files`.
    fn with(self, files: &[FileRow]) -> CollectedSource {
        let own = files.iter().filter(|file| file.source == self.source);

        CollectedSource {
            files: own.map(CollectedFile::from).collect(),
            source: self.source,
            address: self.address,
            succeeded: self.state == "ok",
            error: self.error,
            rows: self.row_count as u64,
            bytes: self.bytes as u64,
        }
    }
}

impl From<&FileRow> for CollectedFile {
    fn from(row: &FileRow) -> Self {
        Self {
            path: row.path.clone(),
            bytes: row.bytes as u64,
            sha256: row.sha256.clone(),
        }
    }
}
